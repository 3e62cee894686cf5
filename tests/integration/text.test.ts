import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, type Problem, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { userWith } from '../support/tasks.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));

/** Shows non-ASCII characters as code points, for the titles of tests. */
const show = (text: string): string =>
  text.length > 40
    ? `${show(text.slice(0, 8))}… (${text.length})`
    : text.replace(/[^\x21-\x7e]/gu, (char) => `<${char.codePointAt(0)?.toString(16) ?? ''}>`);

describe('text is returned exactly as sent', () => {
  const texts = [
    'Buy milk',
    '👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇭',
    'שלום עולם',
    'مرحبا \u200f\u202eabc\u202c',
    'नमस्ते ไทย 日本語 한국어',
    'Zo\u00eb',
    'Zoe\u0308',
    '\u1112\u1161\u11ab',
    '\u212b \u00c5 A\u030a',
    'ﬁ ﷺ ǆ',
    'Z̸͓̽a̷͕̐l̶̯̆g̴̱̾o̵̡͝',
    '𝒳𐍈🜁\u{10ffff}',
    '\ufffd \ufffe \uffff',
    '\ufeffa\ufeff',
    'a\u0001\u0007\b\u001b[31m\u007f\u0085\u009fb',
    'a\tb\nc\r\nd\ve\ff',
    'a\u2028b\u2029c',
    '  spaces around  ',
    '\n\ta\u00a0\u3000',
    '"quoted" \\ \\u0041 / \'single\' `back`',
    '<script>alert(1)</script> &amp; %00 %s ${x} {{y}}',
    "'; drop table tasks; --",
    '$1 $slonik_1 :name ?',
    'null',
    '0',
    'İıŞß',
    '\u200b\u200d\u2060x',
    '\u3164ㅏ\u115f\u1160',
  ];

  test.each(texts.map((text) => [show(text), text]))('%s', async (_name, text) => {
    const fields = { title: text, description: text };
    const created = await alice.create(fields);
    expect(created).toMatchObject(fields);
    const path = `/api/tasks/${created.id}`;
    expect((await alice.get(path)).body).toEqual(created);
    const listed = (await alice.list('?limit=1')).body.items;
    expect(listed).toEqual([created]);
    await alice.put(path, { title: 'x', description: 'y' });
    expect((await alice.put(path, fields)).body).toMatchObject(fields);
    expect((await alice.patch(path, { title: text })).body).toMatchObject(fields);
  });

  test('each character, in all Unicode planes', async () => {
    const points = Array.from({ length: 900 }, (_, index) => 1 + index * 1237)
      .filter((point) => point <= 0x10ffff && (point < 0xd800 || point > 0xdfff))
      .concat(Array.from({ length: 0x9f }, (_, index) => index + 1));
    const description = String.fromCodePoint(...points.slice(0, 1000));
    expect((await alice.create({ title: 'All', description })).description).toBe(description);
  });

  test('with any escape sequences', async () => {
    const response = await alice.post('/api/tasks', '{"\\u0074itle":"\\uD83D\\ude00\\/\\u00e9"}');
    expect(response.body.title).toBe('😀/é');
  });

  test('with a BOM before the JSON, which is ignored', async () => {
    const response = await alice.post(
      '/api/tasks',
      bytes([0xef, 0xbb, 0xbf], '{"title":"\ufeffa"}'),
    );
    expect(response.status).toBe(201);
    expect(response.body.title).toBe('\ufeffa');
  });
});

describe('lengths count characters', () => {
  const ok = 'ok';
  test.each([
    ['title', 'x', 200],
    ['title', 'é', 200],
    ['title', '😀', 200],
    ['title', '\u{10ffff}', 200],
    ['title', 'e\u0301', 100],
    ['title', '👩‍👩‍👧‍👦🙂', 25],
    ['description', 'x', 1000],
    ['description', '😀', 1000],
    ['description', 'e\u0301', 500],
    ['description', ' ', 1000],
    ['description', '\u0001', 1000],
  ])('%s of %s, %i times', async (name, text, times) => {
    const longest = { title: ok, [name]: text.repeat(times) };
    const created = await alice.create(longest);
    expect(created).toMatchObject(longest);

    const path = `/api/tasks/${created.id}`;
    const tooLong = { title: ok, [name]: `${text.repeat(times)}x` };
    for (const response of [
      await alice.post<Problem>('/api/tasks', tooLong),
      await alice.put<Problem>(path, tooLong),
      await alice.patch<Problem>(path, tooLong),
    ]) {
      expect(response.status).toBe(422);
      expect(response.body.errors).toMatchObject([{ in: 'body', name }]);
    }
    expect((await alice.get(path)).body).toEqual(created);
  });
});

describe('a title without a visible character is rejected', () => {
  const char = (point: number) => String.fromCodePoint(point);
  const blanks = [
    '',
    ' ',
    ' '.repeat(200),
    '\t\n\v\f\r ',
    ...[0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff].map(char),
    ...Array.from({ length: 11 }, (_, index) => char(0x2000 + index)),
    '\u0085\u00a0\u3000\ufeff \u2028',
    // Control, format and default-ignorable characters, and letters that look blank.
    ...[0x07, 0x7f, 0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x202e, 0x2060, 0xfe0f, 0xfff9].map(char),
    ...[0x115f, 0x1160, 0x17b4, 0x2800, 0x3164, 0xffa0, 0x13441, 0x1d159, 0xe0001].map(char),
    '\u2060\u200d',
    ' \u3164\u200b\u2800',
  ];

  test.each(blanks.map((blank) => [show(blank), blank]))('"%s"', async (_name, blank) => {
    const { id } = await alice.create();
    for (const response of [
      await alice.post<Problem>('/api/tasks', { title: blank }),
      await alice.put<Problem>(`/api/tasks/${id}`, { title: blank }),
      await alice.patch<Problem>(`/api/tasks/${id}`, { title: blank }),
    ]) {
      expect(response.status).toBe(422);
      expect(response.body.errors).toMatchObject([{ in: 'body', name: 'title' }]);
    }
    const described = await alice.create({ title: 'x', description: blank });
    expect(described.description).toBe(blank);
    expect((await alice.create({ title: `${blank}x`.slice(-200) })).title).toMatch(/x$/);
  });
});

test('a title that was stored before this rule is returned', async () => {
  const { user, client } = await userWith(service, [{ title: '\u200b' }]);
  const [task] = (await client.list()).body.items;
  expect(task).toMatchObject({ user_id: user, title: '\u200b' });
  const path = `/api/tasks/${task?.id ?? ''}`;
  expect((await client.patch(path, { completed: true })).body.title).toBe('\u200b');
  expect((await client.get(path)).status).toBe(200);
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

describe('a limit must be in decimal notation', () => {
  test.each([
    '1e1',
    '1E1',
    '0x10',
    '0b1',
    '0o7',
    '%201',
    '1%20',
    '+1',
    '%2B1',
    '01',
    '1.0',
    '1.',
    '.5e1',
    '1.5',
    '1,5',
    '%D9%A3',
    'Infinity',
    'NaN',
    '1%0A',
    '%EF%BB%BF1',
    '',
  ])('"%s" is rejected', async (limit) => {
    const response = await alice.get<Problem>(`/api/tasks?limit=${limit}`);
    expect(response.status).toBe(422);
    expect(response.body.errors).toMatchObject([{ in: 'query', name: 'limit' }]);
  });

  test('percent-encoded digits are valid', async () => {
    expect((await alice.list('?limit=%31')).body.items).toHaveLength(1);
  });
});
