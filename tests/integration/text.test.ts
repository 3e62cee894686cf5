import { beforeAll, describe, expect, test } from 'vitest';
import { bytes } from '../support/bytes.ts';
import { type Client, type Problem, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { userWith } from '../support/tasks.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

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
