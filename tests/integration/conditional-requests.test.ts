import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Client, createClient } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { changes, someTask, tagOf } from '../support/task-changes.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let alice: Client;

beforeAll(async () => {
  alice = createClient(service.url, await tokenOf('alice'));
});

/** The ETag of a new task, as proxies that compress the response change it. */
const encoded = ['-gzip', '-br', '-deflate', '-zstd', ';gzip', '--gzip'].flatMap(
  (suffix): [string, string][] => [
    ['the encoding', `"1${suffix}"`],
    ['the weak form of the encoding', `W/"1${suffix}"`],
  ],
);

describe.each(changes)('If-Match with %s', (_name, change) => {
  test.each([
    ['*', '*'],
    ['the ETag', 'TAG'],
    ['a list with the ETag', '"other", TAG'],
    ['a list with the ETag, without spaces', 'TAG,W/"other"'],
    ['a list with the ETag and another one with a comma', '"a,b" , TAG'],
    ['the weak form', 'W/TAG'],
    ['a list with the weak form', '"other", W/TAG'],
    ...encoded,
  ])('matches %s: %s', async (_case, header) => {
    const { path, tag } = await someTask(alice);
    const response = await change(alice, path, header.replace('TAG', tag));
    expect(response.status, response.text).toBeLessThan(300);
  });

  test.each([
    ['another ETag', '"other"'],
    ['an empty ETag', '""'],
    ['another weak ETag', 'W/"2"'],
    ['the encoding of another ETag', '"2-gzip"'],
    ['an unknown suffix', '"1-draft"'],
    ['a suffix of digits', '"1-2"'],
    ['only a suffix', '"-gzip"'],
    ['two suffixes', '"1-gzip-br"'],
    ['a quoted *', '"*"'],
    ['a huge version', '"99999999999999999999"'],
    ['a version beyond 32 bits', '"2147483648"'],
    ['the largest version', '"2147483647"'],
    ['a version with a leading zero', '"01"'],
    ['a version with a sign', '"+1"'],
    ['version 0', '"0"'],
    ['a version as a decimal', '"1.0"'],
    ['a Latin-1 character', '"\u00eb"'],
  ])('does not match %s, and nothing changes', async (_case, header) => {
    const { path, tag, text } = await someTask(alice);
    const refused = await change(alice, path, header.replace('TAG', tag));
    expect(refused.status, refused.text).toBe(412);
    const found = await alice.get(path);
    expect(found.text).toBe(text);
    expect(tagOf(found)).toBe(tag);
  });

  test('does not match the previous ETag', async () => {
    const { path, tag } = await someTask(alice);
    await alice.patch(path, { title: 'Changed' });
    await alice.patch(path, { title: 'Buy milk' });
    expect((await change(alice, path, tag)).status).toBe(412);
  });

  test.each([
    '1',
    '"1',
    '1"',
    '"1" "1"',
    '"1",',
    ',',
    '"1",,"2"',
    'w/"1"',
    'W/ "1"',
    '*, "1"',
    '""1"',
    "'1'",
    '',
    '"a b"',
  ])('%s is rejected', async (header) => {
    const { path, tag, text } = await someTask(alice);
    const refused = await change(alice, path, header);
    expect(refused.status, refused.text).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ in: 'header', name: 'If-Match' }] });
    const found = await alice.get(path);
    expect(found.text).toBe(text);
    expect(tagOf(found)).toBe(tag);
  });

  test('a missing task is not found', async () => {
    for (const header of ['*', '"1"', 'W/"1"', '"other"']) {
      expect((await change(alice, `/api/tasks/${randomUUID()}`, header)).status).toBe(404);
    }
  });
});

describe('If-None-Match', () => {
  test.each<[string, string, number]>([
    ...encoded.map(([form, header]): [string, string, number] => [form, header, 304]),
    ['the encoding of another ETag', 'W/"2-gzip"', 200],
    ['an unknown suffix', '"1-draft"', 200],
    ['the ETag', 'TAG', 304],
    ['the weak ETag', 'W/TAG', 304],
    ['*', '*', 304],
    ['a list with the ETag', '"other", TAG', 304],
    ['a list with the weak ETag', '"other",W/TAG', 304],
    ['another ETag', '"other"', 200],
    ['another weak ETag', 'W/"other"', 200],
    ['a quoted *', '"*"', 200],
    ['an empty ETag', '""', 200],
  ])('%s: %s: %i', async (_case, header, status) => {
    const { path, tag, text } = await someTask(alice);
    const headers = { 'If-None-Match': header.replace('TAG', tag) };
    const response = await alice.get(path, { headers });
    expect(response.status).toBe(status);
    expect(response.text).toBe(status === 200 ? text : '');
    expect(tagOf(response)).toBe(tag);
    expect((await alice.request('HEAD', path, { headers })).status).toBe(status);
  });

  test('does not match after a change', async () => {
    const { path, tag } = await someTask(alice);
    const changed = await alice.patch(`${path}/complete`);
    expect((await alice.get(path, { headers: { 'If-None-Match': tag } })).text).toBe(changed.text);
  });

  test.each(['1', '"1', '*, "1"', '"1",', ''])('%s is rejected', async (header) => {
    const { path } = await someTask(alice);
    expect((await alice.get(path, { headers: { 'If-None-Match': header } })).status).toBe(422);
  });

  test('a missing task is not found', async () => {
    const { path } = await someTask(alice);
    await alice.delete(path);
    for (const header of ['*', '"1"']) {
      const response = await alice.get(path, { headers: { 'If-None-Match': header } });
      expect(response.status).toBe(404);
    }
  });
});
