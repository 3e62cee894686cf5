import { describe, expect, test } from 'vitest';
import type { FieldError, Problem } from '../../../src/errors/problem.ts';
import {
  validationProblem,
  type ValidatorError,
} from '../../../src/validation/validation-errors.ts';

/** Translates errors of the validator to field errors. */
function fieldsOf(...errors: { path: string; message: string; keyword?: string }[]) {
  const found = errors.map(({ path, message, keyword }) => ({
    path,
    message,
    ...(keyword && { errorCode: `${keyword}.openapi.validation` }),
  }));
  return problemOf(found).errors;
}

function problemOf(
  errors: readonly ValidatorError[],
  queryErrors: readonly FieldError[] = [],
): Problem {
  const problem = validationProblem(errors, queryErrors);
  if (problem?.code !== 'validation-error') throw new Error('not a validation-error');
  return problem;
}

describe('a field', () => {
  test.each([
    ['/body/title', 'body', 'title'],
    ['/body/a/b', 'body', 'a/b'],
    ['/body', 'body', 'body'],
    ['/query/limit', 'query', 'limit'],
    ['/params/id', 'path', 'id'],
    ['/headers/if-match', 'header', 'If-Match'],
    ['/headers/idempotency-key', 'header', 'Idempotency-Key'],
  ])('%s is in the %s and called %s', (path, place, name) => {
    expect(fieldsOf({ path, message: 'm' })).toEqual([{ in: place, name, detail: 'm' }]);
  });

  test.each([
    ['required', '/body/title', 'is required'],
    ['additionalProperties', '/body/x', 'is not a known field'],
    ['minProperties', '/body', 'must have at least one field'],
    ['pattern', '/params/id', 'must be a UUID'],
    ['pattern', '/params/user_id', 'must not contain control characters'],
    ['pattern', '/body/title', 'must contain a visible character'],
    ['pattern', '/headers/if-none-match', 'must be "*" or a list of entity tags'],
    ['pattern', '/headers/idempotency-key', 'must contain only visible ASCII characters'],
    ['pattern', '/query/other', 'as the validator says'],
    ['type', '/body/title', 'as the validator says'],
  ])('that violates %s at %s gets a clear message', (keyword, path, detail) => {
    const errors = fieldsOf({ path, message: 'as the validator says', keyword });
    expect(errors).toMatchObject([{ detail }]);
  });

  test('is reported once, with its pattern if that is violated', () => {
    const path = '/params/id';
    expect(
      fieldsOf(
        { path, message: 'too short', keyword: 'minLength' },
        { path, message: 'pattern', keyword: 'pattern' },
        { path, message: 'format', keyword: 'format' },
      ),
    ).toEqual([{ in: 'path', name: 'id', detail: 'must be a UUID' }]);
  });

  test('is truncated between characters', () => {
    const [error] = fieldsOf({ path: `/body/${'😀'.repeat(500)}`, message: 'é'.repeat(500) }) ?? [];
    expect(error).toEqual({ in: 'body', name: '😀'.repeat(100), detail: 'é'.repeat(200) });
  });
});

test.each([
  [3, ''],
  [4, '; and 1 more'],
  [30, '; and 27 more'],
])('the detail names the first three of %i errors, the list the first twenty', (length, more) => {
  const errors = Array.from({ length }, (_, index) => ({
    in: 'query' as const,
    name: `f${index}`,
    detail: 'is wrong',
  }));
  const problem = problemOf([], errors);
  expect(problem.detail).toBe(`f0: is wrong; f1: is wrong; f2: is wrong${more}`);
  expect(problem.errors).toEqual(errors.slice(0, 20));
});

describe('errors of query parameters', () => {
  const ours = { in: 'query', name: 'limit', detail: 'must not be empty' } as const;

  test('replace those of the validator for the same parameter', () => {
    const errors = ['limit', 'sort'].map((name) => ({ path: `/query/${name}`, message: 'm' }));
    expect(problemOf(errors, [ours]).errors).toEqual([
      ours,
      { in: 'query', name: 'sort', detail: 'm' },
    ]);
  });

  test('are errors without any of the validator', () => {
    expect(problemOf([], [ours]).errors).toEqual([ours]);
  });
});

test('a request without an error has no problem', () => {
  expect(validationProblem([], [])).toBeUndefined();
});
