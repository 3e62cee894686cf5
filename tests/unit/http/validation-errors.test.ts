import type { Request } from 'express';
import { error as validator } from 'express-openapi-validator';
import { describe, expect, test } from 'vitest';
import { Problem } from '../../../src/errors/problem.ts';
import { problemOfValidator, validationError } from '../../../src/http/validation-errors.ts';

const request = (parts: Partial<Request> = {}) =>
  ({ headers: {}, originalUrl: '/', ...parts }) as unknown as Request;

/** Translates an error of the validator to field errors. */
function fieldsOf(...errors: { path: string; message: string; keyword?: string }[]) {
  const error = new validator.BadRequest({ path: '/', message: '' });
  error.errors = errors.map(({ path, message, keyword }) => ({
    path,
    message,
    ...(keyword && { errorCode: `${keyword}.openapi.validation` }),
  }));
  const problem = problemOfValidator(error, request());
  expect(problem?.code).toBe('validation-error');
  return problem?.errors;
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
    ['pattern', '/body/title', 'must contain a non-whitespace character'],
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

test('the detail has the first three errors, the list the first twenty', () => {
  const errors = Array.from({ length: 30 }, (_, index) => ({
    in: 'body' as const,
    name: `f${index}`,
    detail: 'is wrong',
  }));
  const problem = validationError(errors);
  expect(problem.detail).toBe('f0: is wrong; f1: is wrong; f2: is wrong');
  expect(problem.errors).toEqual(errors.slice(0, 20));
});

describe('other errors of the validator', () => {
  const error = { path: '/', message: 'inside' };

  test.each<[string, unknown]>([
    ['not-found', new validator.NotFound(error)],
    ['method-not-allowed', new validator.MethodNotAllowed(error)],
    ['not-authenticated', new validator.Unauthorized(error)],
  ])('%s', (code, thrown) => {
    expect(problemOfValidator(thrown, request())).toMatchObject({ code, detail: undefined });
  });

  test('the error of a failed authentication', () => {
    const authenticationError = new Problem('token-expired');
    const problem = problemOfValidator(
      new validator.Unauthorized(error),
      request({ authenticationError }),
    );
    expect(problem).toBe(authenticationError);
  });

  test('an unsupported media type and a missing body', () => {
    const thrown = new validator.UnsupportedMediaType(error);
    const headers = { 'content-type': 'text/plain' };
    expect(problemOfValidator(thrown, request({ headers }))?.code).toBe('unsupported-media-type');
    expect(problemOfValidator(thrown, request())).toMatchObject({
      code: 'validation-error',
      errors: [{ in: 'body', name: 'body', detail: 'is required' }],
    });
  });

  test('server errors are not translated', () => {
    expect(problemOfValidator(new validator.InternalServerError(error), request())).toBeUndefined();
    expect(problemOfValidator(new Error('any'), request())).toBeUndefined();
  });
});
