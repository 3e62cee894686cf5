import { expect, test } from 'vitest';
import { neighbourOf, stepFrom } from '../../../../frontend/app/components/tasks/list-focus.ts';

test.each([
  ['the next one is near', 'b', ['a', 'c', 'd'], 'c'],
  ['or the one after that, when that is gone, too', 'b', ['a', 'd'], 'd'],
  ['or the one before, when it was the last', 'd', ['a', 'b', 'c'], 'c'],
  ['or one further before', 'd', ['a', 'e'], 'a'],
  ['although others moved', 'b', ['d', 'c', 'a'], 'c'],
  ['or nothing', 'b', [], undefined],
  ['or nothing in another list', 'b', ['x', 'y'], undefined],
])('%s', (_, gone, after, expected) => {
  expect(neighbourOf(gone, ['a', 'b', 'c', 'd'], after)).toBe(expected);
});

test.each([
  [undefined, 1, 'a'],
  [undefined, -1, 'a'],
  ['gone', 1, 'a'],
  ['a', 1, 'b'],
  ['b', -1, 'a'],
  ['a', -1, 'a'],
  ['c', 1, 'c'],
] as const)('from %s by %d: %s', (from, step, expected) => {
  expect(stepFrom(from, ['a', 'b', 'c'], step)).toBe(expected);
});

test('there is no step in an empty list', () => {
  expect(stepFrom('a', [], 1)).toBeUndefined();
  expect(stepFrom(undefined, [], -1)).toBeUndefined();
});
