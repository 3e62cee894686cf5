import { expect, test } from 'vitest';
import {
  changedFields,
  inputOf,
  isSameInput,
} from '../../../../frontend/app/lib/tasks/task-input.ts';

const input = { title: 'Buy milk', description: 'Two litres' };

test('the input of a larger object has only the input’s fields', () => {
  expect(inputOf({ ...input, ...{ id: '1', completed: true } })).toEqual(input);
});

test.each([
  [{}, {}],
  [{ title: 'Buy oat milk' }, { title: 'Buy oat milk' }],
  [{ description: null }, { description: null }],
  [{ completed: true }, {}],
])('a change to %j is sent as %j', (change, changed) => {
  const after = { ...input, ...change };
  expect(changedFields(input, after)).toEqual(changed);
  expect(isSameInput(input, after)).toBe(Object.keys(changed).length === 0);
});
