import { sql } from 'slonik';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { connect, createClient, disconnect } from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { citusUrl } from '../support/citus.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { startProxy } from '../support/proxy.ts';
import { administer } from '../support/server.ts';

const unavailable = { name: 'Problem', code: 'unavailable' };
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

/** A database behind a proxy, after one statement. */
async function openBehindProxy(poolSize: number) {
  const proxy = await startProxy(server.url);
  const database = await open(poolSize, proxy.url);
  onTestFinished(() => proxy.down());
  await database.one(one);
  return { proxy, database };
}

/** The results of statements, or the codes of their problems. */
const outcomes = async (statements: Promise<unknown>[]) =>
  (await Promise.allSettled(statements)).map((settled) =>
    settled.status === 'fulfilled' ? settled.value : (settled.reason as { code?: string }).code,
  );

describe('pings fail', () => {
  const causeOf = (database: Database) =>
    database.ping().catch((error: unknown) => (error as Error).cause);

  test('on a read-only database, such as a standby', async () => {
    const database = await open(1, `${server.url}?options=-c%20default_transaction_read_only%3Don`);
    await expect(database.ping()).rejects.toMatchObject(unavailable);
    expect(await causeOf(database)).toEqual(new Error('the database is read-only'));
  });

  const withoutPrivilege = [
    ['select', 'tasks'],
    ['insert', 'users'],
    ['update', 'idempotency_keys'],
    ['delete', 'token_revocations'],
  ].map(([privilege = '', table = '']): [string, string, string] => [
    `revoke ${privilege} on ${table} from current_user`,
    `grant ${privilege} on ${table} to current_user`,
    table,
  ]);

  test.each([
    ['alter table tasks rename to elsewhere', 'alter table elsewhere rename to tasks', 'tasks'],
    // The tests on Citus run as a superuser, who keeps all privileges.
    ...(citusUrl === undefined ? withoutPrivilege : []),
  ])('after %s', async (break_, repair, table) => {
    const database = await open(1);
    await administer(server.url, break_);
    expect(await causeOf(database)).toEqual(
      new Error(`tables are missing or not writable: ${table}`),
    );
    await administer(server.url, repair);
    await expect(database.ping()).resolves.toBeUndefined();
  });
});

describe('a database that hangs', () => {
  const write = (mark: string) => sql.type(z.object({ id: z.string() }))`
    insert into users (id) values (${mark}) returning id`;
  const written = (mark: string) =>
    administer(server.url, `select id from users where id = '${mark}'`);

  test('is unavailable until it recovers; a statement whose wait timed out never runs', async () => {
    const { proxy, database } = await openBehindProxy(1);
    proxy.freeze();
    // As many as the connection holds of one user.
    const hanging = Promise.all([database.one(one), database.one(one), database.one(one)]);
    await expect(database.one(write('late'))).rejects.toMatchObject(unavailable);
    proxy.thaw();
    await expect(hanging).resolves.toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
    await expect(database.one(one)).resolves.toEqual({ n: 1 });
    await expect(written('late')).resolves.toEqual([]);
  });

  test('times out running statements, then new connections', async () => {
    const { proxy, database } = await openBehindProxy(2);
    proxy.freeze();
    // The first has a connection; the second waits for a new one.
    await expect(outcomes([database.one(one), database.one(one)])).resolves.toEqual([
      'unavailable',
      'unavailable',
    ]);
    proxy.thaw();
    await expect(
      outcomes([database.one(one), database.one(one), database.one(one)]),
    ).resolves.toEqual([{ n: 1 }, { n: 1 }, { n: 1 }]);
  });

  test('times out pings', async () => {
    const { proxy, database } = await openBehindProxy(1);
    proxy.freeze();
    await expect(database.ping()).rejects.toMatchObject(unavailable);
    proxy.thaw();
    await expect(database.ping()).resolves.toBeUndefined();
  });

  test('does not block closing the pool', async () => {
    const { proxy, database } = await openBehindProxy(2);
    proxy.freeze();
    const hanging = outcomes([database.one(one), database.one(one), database.one(one)]);
    await database.close();
    proxy.thaw();
    await expect(hanging).resolves.toEqual(['unavailable', 'unavailable', 'unavailable']);
    await expect(database.one(one)).rejects.toMatchObject(unavailable);
  });
});

describe('a database that stops', () => {
  const load = (database: Database) =>
    outcomes(
      Array.from({ length: 100 }, () =>
        database.one(sql.type(number)`select 1 as n from pg_sleep(0.02)`),
      ),
    );

  test('is unavailable while it is down, and used again after it recovers', async () => {
    const { proxy, database } = await openBehindProxy(5);
    const underLoad = load(database);
    await proxy.down();
    expect(new Set((await underLoad).map((outcome) => typeof outcome))).toContain('string');
    await expect(database.one(one)).rejects.toMatchObject(unavailable);
    await expect(database.ping()).rejects.toMatchObject(unavailable);
    await proxy.up();
    await expect(database.one(one)).resolves.toEqual({ n: 1 });
    await expect(database.ping()).resolves.toBeUndefined();
  });
});

describe('the connection of a running statement', () => {
  const wait = sql.fragment`select 1 as n from pg_advisory_xact_lock_shared(1)`;
  const read = sql.type(number)`${wait}`;
  const write = sql.type(number)`with nothing as (delete from pgmigrations where false) ${wait}`;
  const waiting = `from pg_stat_activity
    where datname = current_database() and wait_event = 'advisory'`;

  /** A database whose statements wait, until the lock is released. */
  async function openLocked() {
    const { proxy, database } = await openBehindProxy(5);
    const other = createClient(await connectionOptions(server.url));
    await connect(other);
    onTestFinished(() => disconnect(other));
    await other.query('select pg_advisory_lock(1)');
    return {
      proxy,
      database,
      other,
      untilWaiting: (count: number) =>
        expect.poll(async () => (await other.query(`select ${waiting}`)).rowCount).toBe(count),
      unlock: () => other.query('select pg_advisory_unlock(1)'),
    };
  }
  type Locked = Awaited<ReturnType<typeof openLocked>>;

  const losses: [string, (locked: Locked) => unknown][] = [
    [
      'ended by the server',
      ({ other }) => other.query(`select pg_terminate_backend(pid) ${waiting}`),
    ],
    [
      'reset',
      ({ proxy }) => {
        proxy.cut();
      },
    ],
    [
      'closed',
      ({ proxy }) => {
        proxy.sleep('closed', 0);
      },
    ],
  ];
  test.each(
    losses.flatMap(([name, lose]) => [
      { name, lose, kind: 'read is repeated', statement: read, outcome: { n: 1 } },
      { name, lose, kind: 'write is not', statement: write, outcome: 'unavailable' },
    ]),
  )('is $name: a $kind', async ({ lose, statement, outcome }) => {
    const locked = await openLocked();
    const { database, untilWaiting, unlock } = locked;
    const running = outcomes([database.one({ ...statement, isLong: true })]);
    await untilWaiting(1);
    await lose(locked);
    await unlock();
    await expect(running).resolves.toEqual([outcome]);
    // The service may not have noticed yet that its other connections are lost.
    await expect.poll(() => database.one(statement)).toEqual({ n: 1 });
  });

  test('is reset twice: a read is repeated only once', async () => {
    const { proxy, database, untilWaiting, unlock } = await openLocked();
    const running = outcomes([database.one({ ...read, isLong: true })]);
    for (const count of [1, 2]) {
      // The server notices a lost connection only when it has the lock.
      await untilWaiting(count);
      proxy.cut();
    }
    await expect(running).resolves.toEqual(['unavailable']);
    await unlock();
  });
});
