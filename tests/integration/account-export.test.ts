import { randomUUID } from 'node:crypto';
import { escapeLiteral } from 'pg';
import { randomUUIDv7 } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type { components } from '../../generated/types.ts';
import type { UserId } from '../../src/auth/caller.ts';
import { encodeExportCursor } from '../../src/users/export-cursor.ts';
import { createClient, type Client, type Problem, type ApiResponse } from '../support/client.ts';
import { administer } from '../support/server.ts';
import { useService } from '../support/service.ts';
import { insertTasks, query } from '../support/tasks.ts';
import { tokenOf } from '../support/tokens.ts';

type Page = components['schemas']['UserExport'];

const service = useService();
let user: string;
let client: Client;

beforeEach(async () => {
  user = `user-${randomUUID()}`;
  client = createClient(service.url, await tokenOf(user));
});

const get = (parameters: Record<string, string | number> = {}, who = client) =>
  who.get<Page>(`/api/me/export${query(parameters)}`);

/** Reads all pages. */
async function walk(limit: number, between = () => Promise.resolve()): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = null;
  do {
    const response: ApiResponse<Page> = await get({ limit, ...(cursor !== null && { cursor }) });
    expect(response.status, response.text).toBe(200);
    pages.push(response.body);
    cursor = response.body.next_cursor;
    await between();
  } while (cursor !== null);
  return pages;
}

/** Stores a user with the given numbers of tasks and idempotency keys. Returns the keys in order. */
async function store(tasks: number, keys: number): Promise<string[]> {
  await client.create();
  await insertTasks(
    service,
    user,
    Array.from({ length: tasks - 1 }, () => ({})),
  );
  const names = Array.from({ length: keys }, () => randomUUID()).toSorted();
  const rows = names.map(
    (name) => `(${escapeLiteral(user)}, '${name}', sha256(''), '${randomUUIDv7()}')`,
  );
  await administer(
    service.databaseUrl,
    keys === 0
      ? 'select'
      : `insert into idempotency_keys (user_id, key, fingerprint, task_id) values ${rows.join()}`,
  );
  return names;
}

test('contains everything as stored', async () => {
  const [first, second] = [
    await client.create({ title: '👩‍👩‍👧‍👦 "\\\u0001\u2028', description: '' }),
    await client.post('/api/tasks', { title: 'b' }, { headers: { 'Idempotency-Key': '"!~' } }),
  ];
  const { body, headers } = await get();
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as string;
  expect(body).toEqual({
    user: {
      id: user,
      email: `${user}@example.com`,
      name: user,
      created_at: time,
      updated_at: time,
    },
    tasks: [first, second.body],
    idempotency_keys: [{ key: '"!~', task_id: second.body.id, created_at: second.body.created_at }],
    next_cursor: null,
  });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('has the stored times with all digits', async () => {
  await client.create();
  const times = ['2026-11-21T09:30:00.000000Z', '2026-11-21T09:30:00.120000Z'] as const;
  await administer(
    service.databaseUrl,
    `update users set created_at = '${times[0]}', updated_at = '${times[1]}' where id = '${user}';
     update tasks set created_at = '${times[0]}', updated_at = '${times[1]}' where user_id = '${user}'`,
  );
  const { body } = await get();
  const expected = { created_at: times[0], updated_at: times[1] };
  expect(body.user).toMatchObject(expected);
  expect(body.tasks).toMatchObject([expected]);
});

test('is empty for a user without data', async () => {
  const nothing = { user: null, tasks: [], idempotency_keys: [], next_cursor: null };
  expect((await get()).body).toEqual(nothing);
  await client.create();
  await client.delete('/api/me');
  expect((await get()).body).toEqual(nothing);
});

describe('pages', () => {
  test.each([
    ['more tasks', 7, 2, 3, 3],
    ['more keys', 2, 7, 3, 3],
    ['full pages', 6, 6, 3, 2],
    ['one full page', 3, 3, 3, 1],
    ['no keys', 5, 0, 1, 5],
  ])('contain each record once: %s', async (_name, tasks, keys, limit, count) => {
    const names = await store(tasks, keys);
    const pages = await walk(limit);
    expect(pages).toHaveLength(count);
    for (const page of pages) {
      expect(page.user?.id).toBe(user);
      expect(page.tasks.length).toBeLessThanOrEqual(limit);
      expect(page.idempotency_keys.length).toBeLessThanOrEqual(limit);
      expect(page.tasks.length + page.idempotency_keys.length).toBeGreaterThan(0);
    }
    const ids = pages.flatMap((page) => page.tasks.map(({ id }) => id));
    expect(ids).toEqual((await listed()).toSorted());
    expect(pages.flatMap((page) => page.idempotency_keys.map(({ key }) => key))).toEqual(names);
  });

  test('have 1,000 records by default, fewer with a lower limit', async () => {
    await store(1001, 0);
    const first = await get();
    expect(first.body.tasks).toHaveLength(1000);
    const cursor = first.body.next_cursor ?? '';
    expect((await get({ cursor })).body.tasks).toHaveLength(1);
    expect((await get({ cursor, limit: 1000 })).body.tasks).toHaveLength(1);
    expect((await get({ limit: 1001 })).status).toBe(422);
  });

  test('neither miss nor repeat a task while others are created and deleted', async () => {
    await store(9, 0);
    const before = await listed();
    const removed = before.toSorted().slice(7);
    const pages = await walk(2, async () => {
      await client.create();
      const id = removed.pop();
      if (id !== undefined) await client.delete(`/api/tasks/${id}`);
    });
    const ids = pages.flatMap((page) => page.tasks.map(({ id }) => id));
    expect(new Set(ids).size).toBe(ids.length);
    const kept = new Set(await listed());
    expect(ids).toEqual(expect.arrayContaining(before.filter((id) => kept.has(id))));
  });

  async function listed(): Promise<string[]> {
    return (await client.list('?limit=100')).body.items.map(({ id }) => id);
  }
});

describe('a cursor', () => {
  async function expectInvalid(cursor: string, who = client): Promise<void> {
    const { status, text } = await get({ cursor }, who);
    expect(status, text).toBe(422);
    expect((JSON.parse(text) as Problem).code).toBe('invalid-cursor');
  }

  let cursor: string;
  beforeEach(async () => {
    await store(3, 3);
    cursor = (await get({ limit: 2 })).body.next_cursor ?? '';
    expect((await get({ cursor })).body.tasks).toHaveLength(1);
  });

  test('is valid only for its user', async () => {
    await expectInvalid(cursor, createClient(service.url, await tokenOf(`${user}x`)));
  });

  test('of a list is invalid for an export, and vice versa', async () => {
    for (const sort of ['created', 'updated', 'title'])
      await expectInvalid((await client.list(query({ limit: 1, sort }))).body.next_cursor ?? '');
    const refused = await client.get<Problem>(`/api/tasks${query({ cursor })}`);
    expect(refused.body.code).toBe('invalid-cursor');
  });

  test('is rejected when it was modified, truncated or extended', async () => {
    const changed = cursor
      .split('')
      .map(
        (character, at) =>
          cursor.slice(0, at) + (character === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
      );
    const others = [cursor.slice(0, -1), cursor.slice(1), `${cursor}A`, `${cursor}=`, `A${cursor}`];
    // More at once could reach the load limit of the service on a slow machine.
    const cursors = [...changed, ...others];
    while (cursors.length > 0)
      await Promise.all(cursors.splice(0, 40).map((written) => expectInvalid(written)));
  });

  test.each([
    ['not a UUID', ''],
    [randomUUIDv7(), 'a\0b'],
    [randomUUIDv7(), 'ü'],
    [randomUUIDv7(), 'x'.repeat(256)],
    [randomUUIDv7(), 7],
    [null, ''],
  ])('forged with %j and %j is rejected', async (taskId, key) => {
    const forged = encodeExportCursor(user as UserId, { taskId, key } as never);
    await expectInvalid(forged);
  });
});
