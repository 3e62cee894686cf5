import { expect, test } from 'vitest';
import { neighbourOf, stepFrom } from '../../../../frontend/app/components/tasks/list-focus.ts';

test.each([
  ['the next row gets the focus', 'b', ['a', 'c', 'd'], 'c'],
  ['or the one after it, if that is removed as well', 'b', ['a', 'd'], 'd'],
  ['or the row before, if the last row is removed', 'd', ['a', 'b', 'c'], 'c'],
  ['or an earlier one, if that is removed as well', 'd', ['a', 'e'], 'a'],
  ['also if the order has changed', 'b', ['d', 'c', 'a'], 'c'],
  ['or none, if the list is empty', 'b', [], undefined],
  ['or none, if all rows are new', 'b', ['x', 'y'], undefined],
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

test('an empty list has no next task', () => {
  expect(stepFrom('a', [], 1)).toBeUndefined();
  expect(stepFrom(undefined, [], -1)).toBeUndefined();
});
