import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Operation, operations, parametersIn } from '../support/operations.ts';
import { type Attempt, attempts } from './attempt.ts';
import { fieldsOf, isValid, validValue } from './valid-values.ts';
import { wrongText, wrongValue } from './wrong-values.ts';

describe('the generator throws on an unknown schema', () => {
  test.each([
    [{ type: 'string', maxLength: 3, contentEncoding: 'base64' }, 'contentEncoding'],
    [{ type: 'string', maxLength: 3, minimum: 1 }, 'minimum'],
    [{ type: 'string', maxLength: 3, format: 'date' }, 'date'],
    [{ type: 'string' }, 'maxLength'],
    [{ type: 'integer', minimum: 1 }, 'maximum'],
    [{ type: 'array', items: {} }, 'items'],
    [{ type: 'number' }, 'number'],
    [{ oneOf: [] }, 'oneOf'],
    [{}, 'does not know'],
    [{ type: 'object', properties: {} }, 'open objects'],
    [{ type: 'object', additionalProperties: false, properties: { a: { not: {} } } }, 'not'],
  ])('%j', (schema, about) => {
    expect(() => validValue(schema)).toThrow(about);
  });

  test('also when it generates an invalid value', () => {
    expect(() => wrongValue({ type: 'string', maxLength: 3, title: 'A title' })).toThrow('title');
    expect(() => wrongText({ type: 'integer' })).toThrow('minimum');
  });
});

const id = {
  type: 'string',
  format: 'uuid',
  minLength: 36,
  maxLength: 36,
  pattern: '^[-0-9a-f]+$',
};
const text = { type: ['string', 'null'], minLength: 2, maxLength: 3 };
const number = { type: 'integer', minimum: 1, maximum: 5 };

test.each([id, text, number])('%j has valid and invalid values', (schema) => {
  for (const value of fc.sample(validValue(schema), { seed: 1 }))
    expect(isValid(schema, value), JSON.stringify(value)).toBe(true);
  for (const { value } of fc.sample(wrongValue(schema), { seed: 1 }))
    expect(isValid(schema, value), JSON.stringify(value)).toBe(false);
});

test('lengths count code points, and are off by one', () => {
  const values = fc.sample(wrongValue(text), { seed: 1, numRuns: 2000 });
  const lengths = new Set(
    values.map(({ value }) => (typeof value === 'string' ? [...value].length : undefined)),
  );
  expect([...lengths].toSorted()).toEqual([0, 1, 4, undefined]);
  expect(values.some(({ value }) => typeof value === 'string' && value.length > 4)).toBe(true);
});

test('numbers are off by one, or in an unusual notation', () => {
  const texts = fc.sample(wrongText(number), { seed: 1, numRuns: 2000 }).map(({ value }) => value);
  expect(texts).toEqual(expect.arrayContaining(['0', '6', '1e1', '0x10', '-0', '1.5', '', ' 1']));
});

const samples = new Map<Operation, Attempt[]>();
/** The same attempts for each test, because generating them takes a second. */
function sampleOf(operation: Operation): Attempt[] {
  const sample =
    samples.get(operation) ?? fc.sample(attempts(operation), { seed: 1, numRuns: 2000 });
  samples.set(operation, sample);
  return sample;
}

test.each(operations.map((operation) => [operation.operationId, operation] as const))(
  'every part of %s is made invalid, one at a time',
  (_id, operation) => {
    const found = sampleOf(operation);
    const broken = new Set(
      found.map(({ expected }) => expected?.place && `${expected.place.in} ${expected.place.name}`),
    );
    const { parameters, requestBody } = operation;
    for (const it of parameters) expect(broken).toContain(`${it.in} ${it.name}`);
    for (const { schema } of Object.values(requestBody?.content ?? {}))
      for (const [name] of fieldsOf(schema)) expect(broken).toContain(`body ${name}`);
    const codes = new Set(found.map(({ expected }) => expected?.code));
    expect(codes).toEqual(
      new Set([
        undefined,
        'malformed-request',
        'validation-error',
        'method-not-allowed',
        'not-found',
        ...(operation.secured ? ['not-authenticated', 'invalid-token', 'token-expired'] : []),
        ...(requestBody ? ['body-too-large', 'unsupported-media-type'] : []),
      ]),
    );
  },
);

test('half of the valid requests refer to existing tasks', () => {
  for (const operation of operations.filter((it) => parametersIn('path', it).length > 0)) {
    const found = sampleOf(operation);
    const valid = found.filter(({ expected }) => expected === undefined);
    const fixed = operation.path.split('/');
    const existing = valid.filter(({ call }) =>
      call.path.every((part) => typeof part === 'object' || fixed.includes(part)),
    );
    expect(existing.length / valid.length).toBeGreaterThan(0.3);
    expect(existing.length / valid.length).toBeLessThan(0.8);
  }
});
