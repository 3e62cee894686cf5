import { expect, test } from 'vitest';
import { inputOf, problemsOf } from '../../../../frontend/app/components/tasks/draft-text.ts';

test('titles lose the space around them, details keep theirs', () => {
  expect(inputOf({ title: '  Buy milk ', description: ' two\n litres ' })).toEqual({
    title: 'Buy milk',
    description: ' two\n litres ',
  });
});

test.each(['', '  \n'])('no details are null: %j', (description) => {
  expect(inputOf({ title: 'a', description })).toEqual({ title: 'a', description: null });
});

test('what the service cannot keep is left out', () => {
  expect(inputOf({ title: 'a\0b\uD83D', description: '\0c' })).toEqual({
    title: 'ab\uFFFD',
    description: 'c',
  });
});

test('every wrong field says what is wrong', () => {
  expect(problemsOf({ title: 'a', description: '' })).toEqual({});
  expect(problemsOf({ title: ' \0', description: 'x'.repeat(1001) })).toEqual({
    title: 'Write what there is to do.',
    description: 'Details can have 1000 characters; 1 too many.',
  });
});

test('space around a title does not count', () => {
  expect(problemsOf({ title: `${'x'.repeat(200)}   `, description: '' })).toEqual({});
});
