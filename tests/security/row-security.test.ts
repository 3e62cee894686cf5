import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import type { UserId } from '../../src/auth/caller.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { secureRows } from '../../src/db/row-security.ts';
import { statement } from '../../src/db/statement.ts';
import { pruneIdempotencyKeys } from '../../src/idempotency/statements.ts';
import { findTask } from '../../src/tasks/statements.ts';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { pgbouncerName, pgbouncerVersion, startPgBouncer } from '../support/pgbouncer.ts';
import { administer } from '../support/server.ts';
import { startTestService } from '../support/service.ts';
import { createServiceRole } from '../support/service-role.ts';
import { tokenOf } from '../support/tokens.ts';

const silent = { info: () => undefined };
const titles = z.object({ title: z.string() });

/** Statements that forgot the condition on the user. */
const readAll = statement(
  'read_all',
  titles,
  (userId: UserId) => ({ userId }),
  ({ userId }) => sql.fragment`
    select title from tasks where ${userId} <> '' order by title`,
);
const renameAll = statement(
  'rename_all',
  titles,
  (userId: UserId) => ({ userId }),
  ({ userId }) => sql.fragment`
    update tasks set title = title || '!' where ${userId} <> '' returning title`,
);
const stealAll = statement(
  'steal_all',
  titles,
  (userId: UserId) => ({ userId }),
  ({ userId }) => sql.fragment`
    insert into tasks (user_id, id, title) values ('bob', gen_random_uuid(), ${userId}) returning title`,
);

const alice = 'alice' as UserId;
const bob = 'bob' as UserId;

let owner: TestDatabase;
let role: Awaited<ReturnType<typeof createServiceRole>>;
let database: Database;

beforeAll(async () => {
  owner = await createTestDatabase();
  role = await createServiceRole(owner.url);
  await administer(
    owner.url,
    `insert into users (id) values ('alice'), ('bob');
     insert into tasks (user_id, id, title)
       select user_id, gen_random_uuid(), user_id || n
       from unnest(array['alice', 'bob']) as user_id, generate_series(1, 2) as n`,
  );
  database = await openDatabase({ url: role.url, poolSize: 1 });
});
afterAll(async () => {
  await database.close();
  await owner.drop();
  await role.drop();
});

const namesOf = (rows: readonly { title: string }[]) => rows.map(({ title }) => title);

describe('for a statement without a condition on the user', () => {
  test('only the rows of its user exist', async () => {
    expect(namesOf(await database.any(readAll(alice)))).toEqual(['alice1', 'alice2']);
    expect(namesOf(await database.any(readAll(bob)))).toEqual(['bob1', 'bob2']);
  });

  test('only the rows of its user change', async () => {
    expect(namesOf(await database.any(renameAll(alice)))).toEqual(['alice1!', 'alice2!']);
    const [row] = await administer(
      owner.url,
      `select count(*)::int as changed from tasks where title like '%!'`,
    );
    expect(row).toEqual({ changed: 2 });
    await administer(owner.url, `update tasks set title = rtrim(title, '!')`);
  });

  test('no row of another user can be inserted', async () => {
    await expect(database.any(stealAll(alice))).rejects.toThrow();
  });

  test('no row exists without a user', async () => {
    const all = sql.prepared('all_titles', titles)`select title from tasks`;
    expect(await database.any(all)).toEqual([]);
  });

  test('two users who share a connection do not get the rows of each other', async () => {
    for (let round = 0; round < 20; round++) {
      const users = Array.from({ length: 20 }, (_, n) => ((n + round) % 3 === 0 ? alice : bob));
      const results = await Promise.all(users.map((user) => database.any(readAll(user))));
      expect(results.map(namesOf)).toEqual(users.map((user) => [`${user}1`, `${user}2`]));
    }
  });
});

test('a failed statement does not leave its user behind', async () => {
  await expect(database.maybeOne(findTask(alice, 'no-uuid'))).rejects.toThrow();
  expect(namesOf(await database.any(readAll(bob)))).toEqual(['bob1', 'bob2']);
});

test('expired idempotency keys of all users are pruned, and no others', async () => {
  await administer(
    owner.url,
    `insert into idempotency_keys (user_id, key, fingerprint, task_id, created_at)
       select user_id, 'key-' || days, decode(repeat('00', 32), 'hex'), gen_random_uuid(), now() - make_interval(days => days)
       from unnest(array['alice', 'bob']) as user_id, generate_series(0, 1) as days`,
  );
  expect(await database.one(pruneIdempotencyKeys(10))).toEqual({ count: 2 });
  const [row] = await administer(owner.url, 'select count(*)::int as kept from idempotency_keys');
  expect(row).toEqual({ kept: 2 });
});

describe.skipIf(pgbouncerVersion === null)(pgbouncerName, () => {
  test.each(['transaction', 'session'] as const)('in %s mode', async (mode) => {
    const pooler = await startPgBouncer(role.url, 6, mode);
    onTestFinished(() => pooler.stop());
    const pooled = await openDatabase({
      url: pooler.url,
      poolSize: 4,
      log: { warn: () => undefined },
    });
    onTestFinished(() => pooled.close());
    const users = Array.from({ length: 100 }, (_, n) => (n % 3 === 0 ? alice : bob));
    const results = await Promise.all(users.map((user) => pooled.any(readAll(user))));
    expect(results.map(namesOf)).toEqual(users.map((user) => [`${user}1`, `${user}2`]));
  });
});

test('the service runs as this role, which need not own anything', async () => {
  const service = await startTestService({ DATABASE_URL: role.url });
  onTestFinished(() => service.stop());
  const client = createClient(service.url, await tokenOf('carol'));
  const headers = { 'Idempotency-Key': 'one' };
  const created = await client.post('/api/tasks', { title: 'Milk' }, { headers });
  expect((await client.get(`/api/tasks/${created.body.id}`)).status).toBe(200);
  expect((await client.get('/api/me/export')).status).toBe(200);
  expect((await client.get('/readyz')).status).toBe(200);
  expect((await client.delete('/api/me')).status).toBe(204);
  const [row] = await administer(
    owner.url,
    `select count(*)::int as left from tasks where user_id = 'carol'`,
  );
  expect(row).toEqual({ left: 0 });
});

describe('secureRows', () => {
  test('can be repeated', async () => {
    await secureRows(owner.url, role.role, silent);
  });

  test.each([
    ['nobody_at_all', /^DATABASE_SERVICE_ROLE: role "nobody_at_all" does not exist; create it: /],
    ['owner', /^DATABASE_SERVICE_ROLE: row-level security does not apply to role ".*", which /],
  ])('rejects %s', async (name, expected) => {
    const given = name === 'owner' ? new URL(owner.url).username : name;
    await expect(secureRows(owner.url, given, silent)).rejects.toThrow(expected);
  });
});
