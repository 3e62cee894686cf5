import { describe, expect, test } from 'vitest';
import {
  counterText,
  DESCRIPTION_LIMIT,
  descriptionError,
  draftErrors,
  draftInput,
  draftOf,
  lengthOf,
  TITLE_LIMIT,
  titleError,
} from '../../../../frontend/app/components/tasks/task-draft.ts';
import { loadContract } from '../../../../src/contract.ts';
import { violation } from '../../../support/schemas.ts';

const { NewTitle, Description } = (
  loadContract() as unknown as {
    components: { schemas: Record<'NewTitle' | 'Description', { maxLength: number }> };
  }
).components.schemas;

describe('the input of a draft', () => {
  test('has a trimmed title and unchanged details', () => {
    expect(draftInput({ title: '  Buy milk ', description: ' two\n litres ' })).toEqual({
      title: 'Buy milk',
      description: ' two\n litres ',
    });
  });

  test.each(['', '  \n'])('has a null description for blank details: %j', (description) => {
    expect(draftInput({ title: 'a', description })).toEqual({ title: 'a', description: null });
  });

  test('has no characters that the service rejects', () => {
    expect(draftInput({ title: 'a\0b\uD83D', description: '\0c' })).toEqual({
      title: 'ab\uFFFD',
      description: 'c',
    });
  });

  test.each(['two\n litres', null])('is the input that is edited: %j', (description) => {
    const input = { title: 'Buy milk', description };
    expect(draftInput(draftOf(input))).toEqual(input);
  });
});

describe('the errors of a draft', () => {
  test('are one for each invalid field', () => {
    expect(draftErrors({ title: 'a', description: '' })).toEqual({});
    expect(draftErrors({ title: ' \0', description: 'x'.repeat(1001) })).toEqual({
      title: 'Enter a title.',
      description: 'Details can be up to 1000 characters (1 over).',
    });
  });

  test('do not count spaces around the title', () => {
    expect(draftErrors({ title: `${'x'.repeat(200)}   `, description: '' })).toEqual({});
  });
});

test('the limits are those of the contract', () => {
  expect(TITLE_LIMIT).toBe(NewTitle.maxLength);
  expect(DESCRIPTION_LIMIT).toBe(Description.maxLength);
});

test.each([
  '',
  ' \n\t',
  '\u0085',
  '\u00A0\u3000',
  '\u200B',
  '\u2060\u200D',
  '\u3164',
  '\u2800',
  '\u0007',
  'a',
  ' a ',
  '0',
  'é',
  '👩‍👩‍👧‍👦',
  'x'.repeat(200),
  'x'.repeat(201),
  '🎉'.repeat(200),
  '🎉'.repeat(201),
])('a title is invalid exactly if it violates the contract: %j', (title) => {
  expect(titleError(title) === undefined).toBe(violation(NewTitle, title) === undefined);
});

test.each(['', 'x'.repeat(1000), 'x'.repeat(1001), '🎉'.repeat(1000), '🎉'.repeat(1001)])(
  'a description is invalid exactly if it violates the contract: %j',
  (description) => {
    const isValid = violation(Description, description) === undefined;
    expect(descriptionError(description) === undefined).toBe(isValid);
  },
);

test('the error for a long title says by how much it is too long', () => {
  expect(titleError('🎉'.repeat(203))).toBe('Titles can be up to 200 characters (3 over).');
  expect(lengthOf('a🎉')).toBe(2);
});

test('the counter is shown only near the limit', () => {
  expect(counterText('x'.repeat(159), 200)).toBeUndefined();
  expect(counterText('x'.repeat(160), 200)).toBe('40 left');
  expect(counterText('🎉'.repeat(200), 200)).toBe('0 left');
  expect(counterText('x'.repeat(202), 200)).toBe('2 over');
});
