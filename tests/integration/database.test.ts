import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { type FragmentSqlToken, SchemaValidationError, sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { violates } from '../../src/db/errors.ts';
import { withDeadline } from '../../src/deadlines/request-deadline.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';

const number = z.object({ n: z.number() });
const one = sql.type(number)`select 1 as n`;

let server: TestDatabase;

beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

async function open(poolSize: number, url = server.url): Promise<Database> {
  const database = await openDatabase({ url, poolSize });
  onTestFinished(() => database.close());
  return database;
}

/** The results of statements, or the codes of their problems. */
const outcomes = async (statements: Promise<unknown>[]) =>
  (await Promise.allSettled(statements)).map((settled) =>
    settled.status === 'fulfilled' ? settled.value : (settled.reason as { code?: string }).code,
  );

describe('rows', () => {
  test('are checked for their number', async () => {
    const database = await open(1);
    const some = (count: number) => sql.type(number)`select n from generate_series(1, ${count}) n`;
    await expect(database.one(some(1))).resolves.toEqual({ n: 1 });
    await expect(database.one(some(0))).rejects.toThrow('no rows');
    await expect(database.one(some(2))).rejects.toThrow('multiple rows');
    await expect(database.maybeOne(some(1))).resolves.toEqual({ n: 1 });
    await expect(database.maybeOne(some(0))).resolves.toBeNull();
    await expect(database.maybeOne(some(2))).rejects.toThrow('multiple rows');
    await expect(database.any(some(2))).resolves.toEqual([{ n: 1 }, { n: 2 }]);
    await expect(database.any(some(0))).resolves.toEqual([]);
  });

  test('are validated and transformed by their schema', async () => {
    const database = await open(1);
    await expect(database.one(sql.type(number)`select 'x' as n`)).rejects.toBeInstanceOf(
      SchemaValidationError,
    );
    const doubled = z.object({ n: z.number().transform((n) => 2 * n) });
    await expect(database.one(sql.type(doubled)`select 21 as n`)).resolves.toEqual({ n: 42 });
  });

  test('have JavaScript values', async () => {
    const database = await open(1);
    const row = {
      id: '0199e2ba-0000-7000-8000-000000000000',
      title: 'مرحبا 😀\n',
      done: true,
      version: 7,
      nothing: null,
    };
    const natural = z.object({
      id: z.string(),
      title: z.string(),
      done: z.boolean(),
      version: z.number(),
      nothing: z.null(),
    });
    await expect(
      database.one(
        sql.type(natural)`select ${row.id}::uuid as id, ${row.title} as title, true as done,
          ${row.version}::int4 as version, ${row.nothing}::text as nothing`,
      ),
    ).resolves.toEqual(row);
  });

  test.each(['', '.1', '.12345', '.123456', '.000001'])(
    'have the stored times: 04:05:06%s',
    async (fraction) => {
      const database = await open(1);
      const stored = `2026-11-21T04:05:06${fraction}Z`;
      const { t } = await database.one(
        sql.type(
          z.object({ t: z.string() }),
        )`select ${stored}::timestamptz at time zone 'UTC' as t`,
      );
      expect(t).toBe(`2026-11-21T04:05:06.${fraction.slice(1).padEnd(6, '0')}Z`);
      const same = z.object({ same: z.boolean() });
      await expect(
        database.one(sql.type(same)`select ${stored}::timestamptz = ${t}::timestamptz as same`),
      ).resolves.toEqual({ same: true });
    },
  );
});

describe('statements', () => {
  test('with a name are prepared once per connection', async () => {
    const database = await open(1);
    const named = (n: number) => sql.prepared('named', number)`select ${n}::int4 as n`;
    await expect(database.one(named(1))).resolves.toEqual({ n: 1 });
    await expect(database.one(named(2))).resolves.toEqual({ n: 2 });
    const prepared = sql.type(number)`
      select (generic_plans + custom_plans)::int4 as n from pg_prepared_statements where name = 'named'`;
    await expect(database.one(prepared)).resolves.toEqual({ n: 2 });
  });

  test('that cannot be prepared do not affect those behind them', async () => {
    const database = await open(1);
    const named = (n: number) => sql.prepared('named', number)`select 1 / ${n}::int4 as n`;
    const failing = sql.prepared('failing', number)`select n from missing`;
    await expect(
      outcomes([failing, failing, named(1)].map((query) => database.one(query))),
    ).resolves.toEqual(['42P01', '42P01', { n: 1 }]);
  });

  test('that are not prepared, or have other columns than before, are repeated once', async () => {
    const database = await open(1);
    const named = sql.prepared(
      'named',
      z.object({ n: z.unknown() }),
    )`select * from (select 1 as n) t`;
    const other = sql.prepared('other', z.object({ id: z.string() }))`select * from users limit 1`;
    const change = (text: FragmentSqlToken) => database.any(sql.type(z.object({}))`${text}`);
    await database.one(named);
    await change(sql.fragment`deallocate named`);
    await expect(database.one(named)).resolves.toEqual({ n: 1 });
    await database.any(other);
    await change(sql.fragment`alter table users add column later text`);
    await expect(database.any(other)).resolves.toEqual([]);
  });

  test.each([
    ['read', (name: string) => sql.prepared(name, number)`select pg_backend_pid() as n`],
    [
      'write',
      (name: string) => sql.prepared(name, number)`
        with nothing as (delete from pgmigrations where false) select pg_backend_pid() as n`,
    ],
  ])(
    'whose name is prepared already are repeated once on a new connection: a %s',
    async (name, query) => {
      const database = await open(1);
      const { n: pid } = await database.one(sql.type(number)`select pg_backend_pid() as n`);
      await database.any(sql.type(z.object({}))`prepare ${sql.identifier([name])} as select 1`);
      const repeated = await database.one(query(name));
      expect(repeated.n).not.toBe(pid);
      await expect(database.one(query(name))).resolves.toEqual(repeated);
    },
  );

  test('that have other columns than before are repeated, although all connections prepared them', async () => {
    const database = await open(3);
    const row = z.looseObject({ a: z.number() });
    const read = () => database.any(sql.prepared('read', row)`select * from changing`);
    const reads = () => Promise.all(Array.from({ length: 8 }, read));
    await administer(server.url, 'create table changing as select 1 as a');
    await reads();
    await administer(server.url, 'alter table changing add b int');
    await expect(reads()).resolves.toEqual(Array(8).fill([{ a: 1, b: null }]));
  });

  test('that violate a constraint throw its name', async () => {
    const database = await open(1);
    const insert = sql.type(z.object({ id: z.string() }))`
      insert into users (id, email) values (gen_random_uuid()::text, 'a@example.com') returning id`;
    await database.one(insert);
    const error: unknown = await database.one(insert).catch((thrown: unknown) => thrown);
    expect(violates(error, 'users_email_key')).toBe(true);
  });

  test('with a NUL are malformed', async () => {
    const database = await open(1);
    await expect(
      database.one(sql.type(z.object({ t: z.string() }))`select ${'a\0b'}::text as t`),
    ).rejects.toMatchObject({ name: 'Problem', code: 'malformed-request' });
  });

  test('of concurrent pings are shared', async () => {
    const database = await open(1);
    // More than the queue accepts.
    const pings = Array.from({ length: 2000 }, () => database.ping());
    await expect(Promise.all([database.one(one), ...pings])).resolves.toContainEqual({ n: 1 });
  });

  test('of concurrent pings are continued if the client of the first one leaves', async () => {
    const database = await open(1);
    const responses = [1, 2].map(() => new ServerResponse(new IncomingMessage(new Socket())));
    const pings = responses.map((response) => withDeadline(response, () => database.ping()));
    responses[0]?.emit('close');
    expect(await outcomes(pings)).toEqual(['unavailable', undefined]);
  });

  test('beyond the number of connections are queued', async () => {
    const database = await open(3);
    const sleep = sql.type(number)`
      select count(*)::int4 as n from pg_stat_activity, pg_sleep(0.01)
      where datname = current_database() and state = 'active' and application_name = 'tasks-api'`;
    const rows = await Promise.all(Array.from({ length: 30 }, () => database.one(sleep)));
    expect(Math.max(...rows.map(({ n }) => n))).toBeLessThanOrEqual(3);
  });
});
