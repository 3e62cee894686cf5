import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { escapeLiteral } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { UserId } from '../../src/auth/caller.ts';
import { openDatabase } from '../../src/db/database.ts';
import { createTaskRepository } from '../../src/tasks/repository.ts';
import { type Client, createClient } from '../support/client.ts';
import { citusUrl } from '../support/citus.ts';
import { administer } from '../support/server.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();

/** On Citus, new users are stored one after the other, and each with the email address of another one takes 0.2 s. */
const AT_ONCE = citusUrl === undefined ? 20 : 4;

const clientOf = async (user: string, claims: JWTPayload = {}): Promise<Client> =>
  createClient(service.url, await tokenOf(user, claims));

/** The stored email and name of a user; undefined if the user does not exist. */
async function stored(user: string): Promise<unknown> {
  const rows = await administer(
    service.databaseUrl,
    `select email, name from users where id = ${escapeLiteral(user)}`,
  );
  return rows[0];
}

const newId = () => `user-${randomUUID()}`;
const newEmail = () => `${randomUUID()}@Example.com`;

test('the first write creates the user from the token', async () => {
  const user = newId();
  const email = newEmail();
  const client = await clientOf(user, { email, name: 'Zoë 📞' });
  await client.list();
  await client.get('/api/me');
  await client.get(`/api/tasks/${randomUUID()}`);
  await client.patch(`/api/tasks/${randomUUID()}/complete`);
  await client.delete(`/api/tasks/${randomUUID()}`);
  expect((await client.post('/api/tasks', { title: '' })).status).toBe(422);
  expect(await stored(user)).toBeUndefined();

  await client.create();
  expect(await stored(user)).toEqual({ email, name: 'Zoë 📞' });
  await client.create();
  expect(await stored(user)).toEqual({ email, name: 'Zoë 📞' });
});

test('a first write with an idempotency key creates the user as well', async () => {
  const user = newId();
  const client = await clientOf(user);
  const headers = { 'Idempotency-Key': 'the-key' };
  const response = await client.post(`/api/${user}/tasks`, { title: 'Buy milk' }, { headers });
  expect(response.status).toBe(201);
  expect(await stored(user)).toEqual({ email: `${user}@example.com`, name: user });
});

test('concurrent first writes of a user in a process store the user once', async () => {
  const database = await openDatabase({ url: service.databaseUrl, poolSize: 4 });
  onTestFinished(() => database.close());
  const names: (string | undefined)[] = [];
  const tasks = createTaskRepository({
    ...database,
    one(query) {
      names.push(query.name);
      return database.one(query);
    },
    maybeOne(query) {
      names.push(query.name);
      return database.maybeOne(query);
    },
  });
  const caller = { id: newId() as UserId, email: null, name: null, issuedAt: 0 };
  const body = { title: 'Buy milk', description: null, completed: false };
  const rows = await Promise.all([
    ...Array.from({ length: 10 }, () => tasks.create(caller, body)),
    ...Array.from({ length: 10 }, (_, n) => tasks.create(caller, body, `key-${n}`)),
  ]);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(20);
  // Only the first creation fails because the user is missing.
  expect(names).toHaveLength(21);
  expect(names.filter((name) => name?.startsWith('create_user_and_task'))).toHaveLength(1);
});

test('fifty concurrent first writes of a user all succeed', async () => {
  const client = await clientOf(newId());
  const responses = await Promise.all(
    Array.from({ length: 50 }, () => client.post('/api/tasks', { title: 'Buy milk' })),
  );
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
  expect((await client.list('?limit=100')).body.items).toHaveLength(50);
});

describe('a token without email and name', () => {
  test.each<[string, JWTPayload]>([
    ['has neither claim', { email: undefined, name: undefined }],
    ['has null claims', { email: null, name: null }],
    ['has claims of other types', { email: 7, name: { first: 'Zoë' } }],
  ])('%s', async (_name, claims) => {
    const [one, two] = [newId(), newId()];
    for (const user of [one, two]) {
      const client = await clientOf(user, claims);
      expect((await client.get<unknown>('/api/me')).body).toEqual({
        id: user,
        email: null,
        name: null,
      });
      await client.create();
      expect(await stored(user)).toEqual({ email: null, name: null });
      expect((await client.list()).body.items).toHaveLength(1);
    }
  });
});

describe('an email address moves to the newest user that has it', () => {
  test.each([
    ['the same', (email: string) => email],
    ['in another case', (email: string) => email.toUpperCase()],
  ])('%s', async (_name, change) => {
    const email = newEmail();
    const [older, newer] = [newId(), newId()];
    const olderClient = await clientOf(older, { email });
    const newerClient = await clientOf(newer, { email: change(email) });
    const task = await olderClient.create();
    await newerClient.create();
    expect(await stored(newer)).toEqual({ email: change(email), name: newer });
    expect(await stored(older)).toEqual({ email: null, name: older });

    // The older user can still write, and the email address does not move back.
    expect((await olderClient.list()).body.items).toEqual([task]);
    await olderClient.create();
    expect((await olderClient.patch(`/api/tasks/${task.id}/complete`)).status).toBe(200);
    await newerClient.create();
    expect((await newerClient.list()).body.items).toHaveLength(2);
    expect(await stored(newer)).toEqual({ email: change(email), name: newer });
    expect(await stored(older)).toEqual({ email: null, name: older });
  });

  test('also with an idempotency key', async () => {
    const email = newEmail();
    const headers = { 'Idempotency-Key': 'the-key' };
    for (const user of [newId(), newId(), newId()]) {
      const client = await clientOf(user, { email });
      const first = await client.post('/api/tasks', { title: 'Buy milk' }, { headers });
      expect(first.status, first.text).toBe(201);
      const again = await client.post('/api/tasks', { title: 'Buy milk' }, { headers });
      expect(again.text).toBe(first.text);
      expect(await stored(user)).toEqual({ email, name: user });
    }
  });

  test.each([
    ['', {}],
    [', with idempotency keys', { 'Idempotency-Key': 'the-key' }],
  ])(`${AT_ONCE} concurrent new users%s`, async (_name, headers) => {
    const email = newEmail();
    const users = Array.from({ length: AT_ONCE }, newId);
    const clients = await Promise.all(users.map((user) => clientOf(user, { email })));
    const responses = await Promise.all(
      clients.map((client) => client.post('/api/tasks', { title: 'Buy milk' }, { headers })),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array<number>(AT_ONCE).fill(201));
    const rows = await Promise.all(users.map(stored));
    expect(rows).toEqual(expect.not.arrayContaining([undefined]));
    const owners = rows.filter((row) => (row as { email: string | null }).email === email);
    expect(owners).toHaveLength(1);
    for (const client of clients) {
      await client.create();
      expect((await client.list()).body.items).toHaveLength(2);
    }
  });
});
