import { expect, test } from 'vitest';
import { dereference } from '../../../src/validation/dereference.ts';

function dereferenced(document: object): object {
  dereference(document);
  return document;
}

test('replaces references, also those within what they refer to', () => {
  const document = dereferenced({
    used: { $ref: '#/components/a~1b' },
    list: [{ $ref: '#/components/c' }],
    components: { 'a/b': { inner: { $ref: '#/components/c' } }, c: { type: 'string' } },
  });
  expect(document).toMatchObject({
    used: { inner: { type: 'string' } },
    list: [{ type: 'string' }],
    components: { 'a/b': { inner: { type: 'string' } } },
  });
});

test('follows a reference to a reference', () => {
  const document = dereferenced({
    used: { $ref: '#/first' },
    first: { $ref: '#/second' },
    second: { type: 'string' },
  });
  expect(document).toMatchObject({ used: { type: 'string' }, first: { type: 'string' } });
});

test('properties beside a reference override those of its target, which stays as it is', () => {
  const document = dereferenced({
    used: { $ref: '#/title', description: 'short', maxLength: 10 },
    title: { type: 'string', maxLength: 200 },
  });
  expect(document).toEqual({
    used: { type: 'string', description: 'short', maxLength: 10 },
    title: { type: 'string', maxLength: 200 },
  });
});

test.each(['#/missing', '#/a/b', 'other.yaml#/a'])('rejects the reference %s', ($ref) => {
  expect(() => dereferenced({ a: { type: 'string' }, used: { $ref } })).toThrow($ref);
});
