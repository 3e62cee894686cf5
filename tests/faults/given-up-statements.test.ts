import { setTimeout } from 'node:timers/promises';
import { describe, expect, test, type TestContext } from 'vitest';
import {
  connect,
  createClient as createPgClient,
  disconnect,
} from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { createClient } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { pgbouncerName, pgbouncerVersion, startPgBouncer } from '../support/pgbouncer.ts';
import { administer } from '../support/server.ts';
import { startTestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';
import { eventually } from '../support/eventually.ts';

const POOL_SIZE = 4;
const CLIENTS = 12;

/** Locks a table until the returned function is called. */
async function lock(url: string, table: string): Promise<() => Promise<void>> {
  const client = createPgClient(await connectionOptions(url));
  await connect(client);
  await client.query(`begin; lock table ${table}`);
  return () => disconnect(client);
}

/** Locks the tasks while clients create some, until all requests have a response. */
async function createWhileLocked(url: string, serviceUrl: string) {
  const client = createClient(serviceUrl, await tokenOf('alice'));
  await client.create({ title: 'before' });
  const unlock = await lock(url, 'tasks');
  let maxConnections = 0;
  const sample = async () => {
    const [row] = await administer(
      url,
      `select count(*)::int from pg_stat_activity
       where datname = current_database() and query ilike '%insert into tasks%' and pid <> pg_backend_pid()`,
    );
    maxConnections = Math.max(maxConnections, Number(row?.['count']));
  };
  const responses = Promise.all(
    Array.from({ length: CLIENTS }, (_, index) =>
      client.post('/api/tasks', { title: `locked ${index}` }),
    ),
  );
  let done = false as boolean;
  void responses.finally(() => (done = true));
  while (!done) {
    await sample();
    await setTimeout(20);
  }
  const statuses = (await responses).map(({ status }) => status);
  const waiting = await administer(
    url,
    `select pid from pg_locks join pg_database on pg_database.oid = database
     where datname = current_database() and not granted`,
  );
  await unlock();
  const recovered = await client.create({ title: 'after' });
  const titles = await administer(url, `select title from tasks where title like 'locked %'`);
  return { statuses, maxConnections, waiting, titles, recovered };
}

const givenUp = {
  statuses: Array.from({ length: CLIENTS }, () => 503),
  waiting: [],
  titles: [],
  recovered: { title: 'after' },
};

async function databaseForTest({ onTestFinished }: TestContext) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  return database;
}

async function serviceForTest({ onTestFinished }: TestContext, databaseUrl: string) {
  const service = await startTestService({
    DATABASE_URL: databaseUrl,
    DATABASE_POOL_SIZE: String(POOL_SIZE),
  });
  onTestFinished(() => service.stop());
  return service;
}

describe.concurrent('statements that are given up end on the server, and write nothing', () => {
  test('PostgreSQL', async (context) => {
    const { url } = await databaseForTest(context);
    const service = await serviceForTest(context, url);
    const { maxConnections, ...seen } = await createWhileLocked(url, service.url);
    expect(seen).toMatchObject(givenUp);
    expect(maxConnections).toBeLessThanOrEqual(POOL_SIZE);
  });

  test.skipIf(pgbouncerVersion === null).for([
    ['transaction', '', '?pgbouncer=true'],
    // It accepts the timeouts, but the server never gets them.
    ['session', 'options', ''],
  ] as const)(
    `${pgbouncerName} in %s mode that ignores "%s"`,
    async ([mode, ignoredParameters, query], context) => {
      const { url } = await databaseForTest(context);
      const pooler = await startPgBouncer(url, 2 * POOL_SIZE, mode, ignoredParameters);
      context.onTestFinished(() => pooler.stop());
      const service = await serviceForTest(context, pooler.url + query);
      const { maxConnections, ...seen } = await createWhileLocked(url, service.url);
      expect(seen).toMatchObject(givenUp);
      expect(maxConnections).toBeLessThanOrEqual(POOL_SIZE);
    },
  );
});

test('the statements of clients that have left are not sent', async (context) => {
  const { url } = await databaseForTest(context);
  // The server ends no statement that waits for the lock before the clients have left.
  const options = encodeURIComponent('-c lock_timeout=0 -c statement_timeout=4000');
  const patient = `${url}?options=${options}`;
  const service = await startTestService({ DATABASE_URL: patient, DATABASE_POOL_SIZE: '1' });
  context.onTestFinished(() => service.stop());
  const token = await tokenOf('alice');
  const client = createClient(service.url, token);
  await client.create();
  const unlock = await lock(url, 'tasks');
  const leave = new AbortController();
  const requests = Array.from({ length: CLIENTS }, (_, index) =>
    fetch(`${service.url}/api/tasks`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ title: `left ${index}` }),
      signal: leave.signal,
    }),
  );
  // One waits for the lock, those that were sent with it wait behind it, the others in the queue.
  await eventually(async () => {
    // Each database that was copied from the template has a table with this id.
    const waiting = `select from pg_locks join pg_database on pg_database.oid = database
      where datname = current_database() and relation = 'tasks'::regclass and not granted`;
    expect(await administer(url, waiting)).toHaveLength(1);
  });
  await setTimeout(50);
  leave.abort();
  await Promise.allSettled(requests);
  const aborted = () => service.log.filter((line) => line.includes('"aborted":true'));
  await eventually(() => {
    expect(aborted()).toHaveLength(CLIENTS);
  });
  // They are not errors of the server.
  expect(service.log.join('')).not.toContain('"msg":"unavailable"');
  await unlock();
  // It waits behind the statements of the same user.
  await client.create();
  const titles = await administer(url, `select title from tasks where title like 'left %'`);
  expect(titles.length).toBeLessThan(4);
});
