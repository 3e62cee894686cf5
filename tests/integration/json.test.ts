import { beforeAll, describe, expect, test } from 'vitest';
import { bytes } from '../support/bytes.ts';
import { type Client, type Problem, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

describe('invalid JSON and URLs are malformed', () => {
  const bodies: [string, string | Uint8Array][] = [
    ['a NUL', '{"title":"a\\u0000b"}'],
    ['a NUL in the description', '{"title":"a","description":"\\u0000"}'],
    ['a NUL in a name', '{"title":"a","b\\u0000":1}'],
    ['a nested NUL', '{"title":"a","x":[{"y":["\\u0000"]}]}'],
    ['a raw NUL', '{"title":"a\0b"}'],
    ['an unpaired high surrogate', '{"title":"\\ud83d"}'],
    ['an unpaired low surrogate', '{"title":"\\ude00 a"}'],
    ['surrogates in the wrong order', '{"title":"\\ude00\\ud83d"}'],
    ['an unpaired surrogate in a name', '{"title":"a","\\ud83d":1}'],
    ['an invalid UTF-8 byte', bytes('{"title":"a', [0xff], '"}')],
    ['an incomplete UTF-8 sequence', bytes('{"title":"a', [0xf0, 0x9f, 0x98], '"}')],
    ['an overlong UTF-8 sequence', bytes('{"title":"', [0xc0, 0xaf], '"}')],
    ['an encoded surrogate', bytes('{"title":"', [0xed, 0xa0, 0x80], '"}')],
    ['a code point above U+10FFFF', bytes('{"title":"', [0xf4, 0x90, 0x80, 0x80], '"}')],
    ['Latin-1', Buffer.from('{"title":"Zo\u00eb"}', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff{"title":"a"}', 'utf16le')],
    ['two BOMs', '\ufeff\ufeff{"title":"a"}'],
    ['raw control characters', '{"title":"a\nb"}'],
    ['an incomplete object', '{"title":"a"'],
    ['text after the object', '{"title":"a"} x'],
    ['two objects', '{"title":"a"}{"title":"b"}'],
    ['a trailing comma', '{"title":"a",}'],
    ['single quotes', "{'title':'a'}"],
    ['a comment', '{"title":"a"/**/}'],
    ['no quotes', '{title:"a"}'],
    ['NaN', '{"title":"a","completed":NaN}'],
    ['an invalid escape sequence', '{"title":"\\x41"}'],
    ['only whitespace', '  '],
    ['unclosed brackets', '['.repeat(60_000)],
  ];

  test.each(bodies)('%s', async (_name, body) => {
    const { id } = await alice.create();
    for (const response of [
      await alice.post<Problem>('/api/tasks', body),
      await alice.put<Problem>(`/api/tasks/${id}`, body),
      await alice.patch<Problem>(`/api/tasks/${id}`, body),
      await alice.patch<Problem>(`/api/tasks/${id}/complete`, body),
    ]) {
      expect(response.status).toBe(400);
      expect(response.body.code).toBe('malformed-request');
    }
  });

  test.each([
    '/api/tasks?cursor=%00',
    '/api/tasks?x%00=1',
    '/api/tasks/%00',
    '/api/tasks?cursor=%ff',
  ])('%s', async (path) => {
    expect((await alice.get<Problem>(path)).body.code).toBe('malformed-request');
  });
});

describe('numbers, duplicates and whitespace in JSON', () => {
  const refused: [string, string, string | undefined][] = [
    ['null', 'null', undefined],
    ['a number', '42', undefined],
    ['a list', '[]', undefined],
    ['a list of tasks', '[{"title":"a"}]', undefined],
    ['a text', '"title"', undefined],
    ['true', 'true', undefined],
    ['an empty body', '', 'body'],
    ['__proto__', '{"title":"a","__proto__":{"completed":true}}', '__proto__'],
    ['only __proto__', '{"__proto__":{"title":"a"}}', undefined],
    ['constructor', '{"title":"a","constructor":{"prototype":{"x":1}}}', 'constructor'],
    ['toString', '{"title":"a","toString":1}', 'toString'],
    ['hasOwnProperty', '{"title":"a","hasOwnProperty":null}', 'hasOwnProperty'],
    ['an empty name', '{"title":"a","":1}', undefined],
    ['a name in another case', '{"title":"a","Completed":true}', 'Completed'],
    ['a very long name', `{"title":"a","${'😀'.repeat(5000)}":1}`, undefined],
    [
      'many unknown names',
      `{"title":"a"${Array.from({ length: 500 }, (_, index) => `,"x${index}":1`).join('')}}`,
      undefined,
    ],
    ['a huge number', '{"title":1e400}', 'title'],
    ['a long number', `{"title":"a","completed":${'9'.repeat(5000)}}`, 'completed'],
    ['0 for false', '{"title":"a","completed":0}', 'completed'],
    ['an object as title', '{"title":{"toString":"a"}}', 'title'],
    ['deep nesting', `{"title":"a","x":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'x'],
    ['a deep title', `{"title":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, 'title'],
    ['deep escapes', `{"title":${'['.repeat(20_000)}"\\u0041"${']'.repeat(20_000)}}`, 'title'],
    ['a wide list', `{"title":"\\u0041","x":[${Array(20_000).fill('1').join()}]}`, 'x'],
  ];

  test.each(refused)('%s is rejected', async (_name, body, name) => {
    const { id } = await alice.create();
    const path = `/api/tasks/${id}`;
    for (const response of [
      await alice.post<Problem>('/api/tasks', body),
      await alice.put<Problem>(path, body),
      await alice.patch<Problem>(path, body),
    ]) {
      expect(response.status, response.text).toBe(422);
      if (name !== undefined) {
        expect(response.body.errors).toContainEqual(expect.objectContaining({ in: 'body', name }));
      }
    }
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });

  test('the last value of a repeated name is used', async () => {
    const response = await alice.post('/api/tasks', '{"title":"first","title":"last"}');
    expect(response.body.title).toBe('last');
    const rejected = await alice.post('/api/tasks', '{"title":"first","title":""}');
    expect(rejected.status).toBe(422);
  });

  test('surrounding whitespace is ignored', async () => {
    const response = await alice.post('/api/tasks', '\r\n\t {\n "title" :\t"a" }\n ');
    expect(response.body.title).toBe('a');
  });
});
