import { randomUUIDv7 } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { UserId } from '../../src/auth/caller.ts';
import { encodeCursor } from '../../src/tasks/cursor.ts';
import type { List } from '../../src/tasks/list-query.ts';
import type { TaskRow } from '../../src/tasks/task.ts';
import type { Client, Problem } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { generator, lists, query, someTasks, sorts, userWith } from '../support/tasks.ts';

const service = useService();
let user: string;
let client: Client;
let cursor: string;

beforeAll(async () => {
  ({ user, client } = await userWith(service, someTasks(8, generator(9))));
  cursor = (await nextCursor({})) ?? '';
  expect(cursor).toMatch(/^[A-Za-z0-9_-]{60,}$/);
});

const characters = (text: string) => text.split('');

const nextCursor = async (list: Partial<List>) =>
  (await client.list(query({ ...list, limit: 2 }))).body.next_cursor;

/** Sends a cursor unencoded in the URL. */
const send = (written: string, who = client, parameters = '') =>
  who.get<Problem>(`/api/tasks?cursor=${written}${parameters}`);

async function expectInvalid(written: string, who = client, parameters = ''): Promise<void> {
  const refused = await send(written, who, parameters);
  expect(`${refused.status} ${refused.body.code}`, written).toBe('422 invalid-cursor');
}

test('can be used repeatedly and with another limit', async () => {
  const page = await client.list(query({ cursor, limit: 3 }));
  expect(page.body.items).toHaveLength(3);
  expect((await client.list(query({ cursor, limit: 3 }))).text).toBe(page.text);
  expect((await client.list(query({ cursor, limit: 100 }))).body.items).toHaveLength(6);
});

test('is valid only for its sort, order and status', async () => {
  for (const from of lists) {
    const foreign = await nextCursor(from);
    if (foreign === null) throw new Error('the list is too short');
    for (const to of lists) {
      const response = await client.get<Problem>(`/api/tasks${query({ ...to, cursor: foreign })}`);
      expect(response.status, JSON.stringify([from, to])).toBe(from === to ? 200 : 422);
      if (from !== to) expect(response.body.code).toBe('invalid-cursor');
    }
  }
});

test('is valid only for its user, in both path styles', async () => {
  const { user: other, client: stranger } = await userWith(service, someTasks(8, generator(9)));
  await expectInvalid(cursor, stranger);
  const refused = await stranger.get<Problem>(`/api/${other}/tasks?cursor=${cursor}`);
  expect(refused.body.code).toBe('invalid-cursor');
  const own = await client.get<unknown>(`/api/${user}/tasks?cursor=${cursor}`);
  expect(own.text).toBe((await client.get<unknown>(`/api/tasks?cursor=${cursor}`)).text);
});

test('is rejected when any character was changed', async () => {
  const replacements = [...characters('Az0-_!=+/:?$~'), '%26', '%C3%A9', '%0A', ''];
  for (const index of cursor.split('').keys()) {
    const changed = replacements
      .filter((character) => character !== cursor[index])
      .map((character) => cursor.slice(0, index) + character + cursor.slice(index + 1));
    await Promise.all(changed.map((written) => expectInvalid(written)));
  }
});

test('is rejected with any other last character', async () => {
  // Its last bits may be unused.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (const sort of sorts) {
    const written = (await nextCursor({ sort })) ?? '';
    const others = characters(alphabet).filter((character) => character !== written.at(-1));
    await Promise.all(
      others.map((character) =>
        expectInvalid(written.slice(0, -1) + character, client, `&sort=${sort}`),
      ),
    );
  }
});

test('is rejected when it was truncated or extended', async () => {
  const cut = Array.from({ length: cursor.length - 1 }, (_, index) => [
    cursor.slice(0, index + 1),
    cursor.slice(index + 1),
  ]).flat();
  const extended = ['A', '=', '==', '%20', '+', '%0A', '.', '%3D', cursor, '%C3%A9'].flatMap(
    (more) => [cursor + more, more + cursor],
  );
  // More at once could reach the load limit of the service on a slow machine.
  const cursors = [...cut, ...extended];
  while (cursors.length > 0)
    await Promise.all(cursors.splice(0, 40).map((written) => expectInvalid(written)));
  expect((await send('A'.repeat(2001))).status).toBe(422);
  expect((await send(`${cursor}&cursor=${cursor}`)).status).toBe(422);
});

test.each(['%00', '%ff', '%', '%ED%A0%80'])('is malformed with %s', async (written) => {
  expect((await send(cursor + written)).body.code).toBe('malformed-request');
});

const id = randomUUIDv7();
const good = '2026-11-21T09:30:00.123456Z';
const forgeries: [List['sort'], unknown, unknown][] = [
  ...[
    'infinity',
    'now',
    'yesterday',
    '',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '-0001-01-01T00:00:00Z',
    '+275761-01-01T00:00:00Z',
    '999999-01-01T00:00:00Z',
    '2026-11-21T25:00:00Z',
    '2026-11-21T09:30:61Z',
    '2026-11-21T09:30:00+99:00',
    '2026-11-21 09:30:00',
    `2026-11-21T09:30:00.${'1'.repeat(500)}x`,
    `${good}\0`,
    `${good}' or true --`,
    7,
    null,
    [good],
    { at: good },
  ].map((value) => ['created', value, id] as [List['sort'], unknown, unknown]),
  ...['not a uuid', `urn:uuid:${id}`, `{${id}}`, '', 7, null].map(
    (value) => ['updated', good, value] as [List['sort'], unknown, unknown],
  ),
  ...['a\0b', '\ud800', 7, null].map(
    (value) => ['title', value, id] as [List['sort'], unknown, unknown],
  ),
];

test.each(forgeries)(
  'sorted by %s, forged with %j and %j, is rejected',
  async (sort, value, taskId) => {
    const list = { sort, order: 'asc', status: 'all' } as const;
    const row = { id: taskId, created: value, updated: value, title: value } as TaskRow;
    await expectInvalid(encodeCursor(user as UserId, list, row), client, `&sort=${sort}&order=asc`);
  },
);

test.each([
  ['created', '0001-01-01T00:00:00Z'],
  ['updated', '9999-12-31T23:59:59.999999Z'],
  ['created', `2026-11-21T09:30:00.${'1'.repeat(500)}Z`],
  ['title', ''],
  ['title', 'x'.repeat(1000)],
  ['title', '\u0001\ufffe\u{10ffff}'],
] as const)('of the sort %s never breaks the service: %j', async (sort, value) => {
  const list = { sort, order: 'asc', status: 'all' } as const;
  const row = { id, created: value, updated: value, title: value } as TaskRow;
  const forged = encodeCursor(user as UserId, list, row);
  const response = await client.get<unknown>(`/api/tasks${query({ ...list, cursor: forged })}`);
  expect(response.status, response.text).toBeOneOf([200, 422]);
});
