import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/http/json.ts';
import { Problem } from '../../../src/errors/problem.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** The detail of the problem that the parser throws. */
function rejection(body: Uint8Array): string | undefined {
  try {
    parseJson(body);
  } catch (error) {
    expect(error).toBeInstanceOf(Problem);
    expect(error).toMatchObject({ code: 'malformed-request' });
    return (error as Problem).detail;
  }
  return undefined;
}

test.each([
  ['null', null],
  ['42', 42],
  ['[]', []],
  ['"text"', 'text'],
  ['{"a":{"b":[1,true,null]}}', { a: { b: [1, true, null] } }],
  [' \t\r\n{} ', {}],
  ['"\\ud83d\\udcde"', '📞'],
  ['"\\u0001\\u007f\\u0085"', '\u0001\u007f\u0085'],
  ['"مرحبا 👩‍👩‍👧"', 'مرحبا 👩‍👩‍👧'],
])('parses %s', (text, value) => {
  expect(parseJson(bytes(text))).toEqual(value);
});

test('ignores a byte order mark', () => {
  expect(parseJson(bytes('\ufeff{}'))).toEqual({});
});

test.each(['', '{', '{"a":1,}', "{'a':1}", '[1 2]', 'undefined', '"\n"', '"\\x41"', '01', '\0'])(
  'rejects %j',
  (text) => {
    expect(rejection(bytes(text))).toBe('The body is not valid JSON');
  },
);

test.each([[[0xff]], [[0x22, 0xe2, 0x82, 0x22]], [[0x22, 0xc0, 0xaf, 0x22]]])(
  'rejects the bytes %j',
  (list) => {
    expect(rejection(Uint8Array.from(list))).toBe('The body is not valid UTF-8');
  },
);

describe('characters that cannot be stored', () => {
  test.each(['"\\u0000"', '["\\u0000"]', '{"\\u0000":1}', '[[{"a":["b\\u0000"]}]]'])(
    'rejects %s',
    (text) => {
      expect(rejection(bytes(text))).toBe('The body contains a NUL character');
    },
  );

  test.each(['"\\ud800"', '"\\udc00\\ud800"', '{"\\ud800":1}', '[{"a":"\\uDFFFx"}]'])(
    'rejects %s',
    (text) => {
      expect(rejection(bytes(text))).toBe('The body contains an unpaired surrogate');
    },
  );

  test('accepts an escaped backslash before a u', () => {
    expect(parseJson(bytes('"\\\\u0000"'))).toBe('\\u0000');
  });

  test('are found at any depth', () => {
    const depth = 100_000;
    const text = `${'['.repeat(depth)}"\\u0000"${']'.repeat(depth)}`;
    expect(['The body contains a NUL character', 'The body is not valid JSON']).toContain(
      rejection(bytes(text)),
    );
    const shallow = 5_000;
    const nested = `${'['.repeat(shallow)}"\\u0000"${']'.repeat(shallow)}`;
    expect(rejection(bytes(nested))).toBe('The body contains a NUL character');
  });
});
