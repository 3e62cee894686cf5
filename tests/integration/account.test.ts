import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import { administer } from '../support/server.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let user: string;
let client: Client;

beforeEach(async () => {
  user = `user-${randomUUID()}`;
  client = createClient(service.url, await tokenOf(user));
});

const createWithKey = (key: string, title = 'Buy milk') =>
  client.post('/api/tasks', { title }, { headers: { 'Idempotency-Key': key } });

const stored = (of = user) =>
  Promise.all(
    ['users where id', 'tasks where user_id', 'idempotency_keys where user_id'].map((rows) =>
      administer(service.databaseUrl, `select * from ${rows} = '${of}'`),
    ),
  );

describe('the counts', () => {
  const counts = async () => (await client.get<unknown>('/api/me/task-counts')).body;

  test('change with the tasks', async () => {
    expect(await counts()).toEqual({ pending: 0, completed: 0 });
    const { id } = await client.create();
    await client.create();
    await client.create({ title: 'Buy bread', completed: true });
    expect(await counts()).toEqual({ pending: 2, completed: 1 });
    await client.patch(`/api/tasks/${id}/complete`);
    expect(await counts()).toEqual({ pending: 1, completed: 2 });
    await client.delete(`/api/tasks/${id}`);
    expect(await counts()).toEqual({ pending: 1, completed: 1 });
  });

  test('exclude the tasks of other users', async () => {
    await client.create();
    const other = createClient(service.url, await tokenOf(`${user}x`));
    await other.create();
    await other.create();
    expect(await counts()).toEqual({ pending: 1, completed: 0 });
  });
});

describe('a deleted user', () => {
  test('loses all data; other users keep theirs', async () => {
    const other = `${user}x`;
    const theirs = createClient(service.url, await tokenOf(other));
    await theirs.create();
    const before = await stored(other);
    await client.create();
    await createWithKey('a-key');
    expect((await stored()).map((rows) => rows.length)).toEqual([1, 2, 1]);

    const response = await client.delete('/api/me');
    expect({ status: response.status, text: response.text }).toEqual({ status: 204, text: '' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await stored()).toEqual([[], [], []]);
    expect(await stored(other)).toEqual(before);
  });

  test('can be deleted again, as can a user without data', async () => {
    for (let count = 0; count < 3; count++)
      expect((await client.delete('/api/me')).status).toBe(204);
    await client.create();
    for (let count = 0; count < 3; count++)
      expect((await client.delete('/api/me')).status).toBe(204);
    expect(await stored()).toEqual([[], [], []]);
  });

  test('no longer has any task to read or change', async () => {
    const { id } = await client.create();
    await client.delete('/api/me');
    const path = `/api/tasks/${id}`;
    for (const response of [
      await client.get(path),
      await client.patch(path, { title: 'Changed' }),
      await client.patch(`${path}/complete`),
      await client.delete(path),
    ]) {
      expect(response.status).toBe(404);
    }
    expect((await client.list()).body.items).toEqual([]);
    expect(await stored()).toEqual([[], [], []]);
  });

  test('is stored again by a later write, without the earlier data', async () => {
    const first = await createWithKey('a-key');
    await client.delete('/api/me');
    const second = await createWithKey('a-key', 'Another task');
    expect(second.status, second.text).toBe(201);
    expect(second.body.id).not.toBe(first.body.id);
    expect((await client.list()).body.items).toEqual([second.body]);
  });

  test('is logged like any other request, without personal data', async () => {
    await client.create({ title: 'A secret of mine' });
    service.log.length = 0;
    await client.delete('/api/me');
    await expect
      .poll(() => service.log.map(lineOf))
      .toContainEqual(
        expect.objectContaining({ operationId: 'deleteCurrentUser', status: 204, user_id: user }),
      );
    expect(service.log.join()).not.toMatch(/secret|example\.com/);
  });

  test('can have ten thousand tasks', async () => {
    await client.create();
    await administer(
      service.databaseUrl,
      `insert into tasks (user_id, id, title)
       select '${user}', gen_random_uuid(), 'Task ' || n from generate_series(1, 10000) n`,
    );
    expect((await client.delete('/api/me')).status).toBe(204);
    expect(await stored()).toEqual([[], [], []]);
  });
});

const lineOf = (line: string): unknown => JSON.parse(line);
