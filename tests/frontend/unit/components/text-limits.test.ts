import { expect, test } from 'vitest';
import {
  DESCRIPTION_LIMIT,
  descriptionProblem,
  lengthOf,
  roomLeft,
  TITLE_LIMIT,
  titleProblem,
} from '../../../../frontend/app/components/tasks/text-limits.ts';
import { loadContract } from '../../../../src/contract.ts';
import { violation } from '../../../support/schemas.ts';

const { Title, Description } = (
  loadContract() as unknown as {
    components: { schemas: Record<'Title' | 'Description', { maxLength: number }> };
  }
).components.schemas;

test('the limits are those of the contract', () => {
  expect(TITLE_LIMIT).toBe(Title.maxLength);
  expect(DESCRIPTION_LIMIT).toBe(Description.maxLength);
});

test.each([
  '',
  ' \n\t',
  '\u0085',
  '\u00A0\u3000',
  'a',
  ' a ',
  '0',
  'é',
  '👩‍👩‍👧‍👦',
  'x'.repeat(200),
  'x'.repeat(201),
  '🎉'.repeat(200),
  '🎉'.repeat(201),
])('a title is wrong when the contract says so: %j', (title) => {
  expect(titleProblem(title) === undefined).toBe(violation(Title, title) === undefined);
});

test.each(['', 'x'.repeat(1000), 'x'.repeat(1001), '🎉'.repeat(1000), '🎉'.repeat(1001)])(
  'so is a description: %j',
  (description) => {
    const isRight = violation(Description, description) === undefined;
    expect(descriptionProblem(description) === undefined).toBe(isRight);
  },
);

test('what is too long says by how much', () => {
  expect(titleProblem('🎉'.repeat(203))).toBe('A title can have 200 characters; 3 too many.');
  expect(lengthOf('a🎉')).toBe(2);
});

test('the room shows only near the limit', () => {
  expect(roomLeft('x'.repeat(159), 200)).toBeUndefined();
  expect(roomLeft('x'.repeat(160), 200)).toBe('40 left');
  expect(roomLeft('🎉'.repeat(200), 200)).toBe('0 left');
  expect(roomLeft('x'.repeat(202), 200)).toBe('2 too many');
});
