import type { Client } from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createClient } from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { createPipelines } from '../../src/db/execution/pipelines.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';
import { eventually } from '../support/eventually.ts';

let server: TestDatabase;

beforeAll(async () => {
  server = await createTestDatabase();
});
afterAll(() => server.drop());

const defaults = {
  isUsableAfter: () => true,
  affectsAllConnections: () => false,
  maxConnections: 2,
  depth: 4,
  cancelMs: 10_000,
  graceMs: 10_000,
  idleTimeoutMs: 10_000,
  maxAgeMs: 10_000,
};

async function open(settings: Partial<typeof defaults>) {
  const options = await connectionOptions(server.url);
  const cancelled: Client[] = [];
  const clients: Client[] = [];
  /** The largest number of sockets that were open at a time. */
  let mostOpen = 0;
  const pipelines = createPipelines({
    ...defaults,
    ...settings,
    createClient() {
      const client = createClient({ ...options, pipeline: true });
      clients.push(client);
      const open = clients.filter(({ connection }) => !connection.stream.closed);
      mostOpen = Math.max(mostOpen, open.length);
      return client;
    },
    cancel: (client) => {
      cancelled.push(client);
      return Promise.resolve();
    },
  });
  onTestFinished(() => {
    pipelines.destroy();
  });
  const query = async (text: string) => {
    const { rows } = await pipelines.run((client) => client.query<{ value: number }>(text));
    return rows[0]?.value;
  };
  const pid = 'select pg_backend_pid() as value';
  return { pipelines, query, pid: () => query(pid), cancelled, clients, mostOpen: () => mostOpen };
}

/** Waits until the statements of this turn are written. */
async function nextTurn(): Promise<void> {
  await new Promise(setImmediate);
  await new Promise(setImmediate);
}

const together = <T>(count: number, run: () => Promise<T>) =>
  Promise.all(Array.from({ length: count }, run));

test('the statements of a turn share a connection, up to its depth', async () => {
  const { pid } = await open({});
  await expect(together(3, pid).then((pids) => new Set(pids).size)).resolves.toBe(1);
  const pids = await together(8, pid);
  expect(new Set(pids.slice(0, 4)).size).toBe(1);
  expect(new Set(pids.slice(4)).size).toBe(1);
  expect(new Set(pids).size).toBe(2);
});

test('a statement goes to a connection that is not busy', async () => {
  const { query, pid } = await open({});
  const [first] = await together(1, pid);
  const slow = query('select pg_sleep(1)::text as value');
  await nextTurn();
  await expect(pid()).resolves.not.toBe(first);
  await slow;
});

test('an error does not affect the statements that follow', async () => {
  const { query } = await open({});
  const results = await Promise.allSettled([
    query('select 1 as value'),
    query('select 1 / 0 as value'),
    query('select 3 as value'),
  ]);
  expect(results).toMatchObject([{ value: 1 }, { reason: { code: '22012' } }, { value: 3 }]);
});

test('each statement is a separate transaction', async () => {
  const { query } = await open({});
  const ids = await together(4, () => query('select pg_current_xact_id()::text as value'));
  expect(new Set(ids).size).toBe(4);
});

test('after an error that can affect the connection, it is replaced when its statements have ended', async () => {
  const { query, pid } = await open({ isUsableAfter: () => false });
  const [first, , last] = await Promise.allSettled([pid(), query('select 1 / 0'), pid()]);
  expect(last).toEqual(first);
  await expect(pid()).resolves.not.toBe((first as { value?: unknown }).value);
});

test('a lost connection fails its statements, and is replaced', async () => {
  const { query, pid } = await open({ maxConnections: 1 });
  const lost = await pid();
  const running = Promise.allSettled([query('select pg_sleep(10) as value'), pid()]);
  await eventually(() =>
    expect(
      administer(
        server.url,
        `select pg_terminate_backend(pid) as ended from pg_stat_activity where pid = ${lost} and state = 'active'`,
      ),
    ).resolves.toEqual([{ ended: true }]),
  );
  await expect(running).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  await expect(pid()).resolves.not.toBe(lost);
});

test('an error on a connection without statements closes it', async () => {
  const { pipelines, pid, clients } = await open({ maxConnections: 1 });
  const first = await pid();
  // As `pg` does for a message of a connection pooler that has lost the server; the socket stays open.
  clients[0]?.emit('error', new Error('the server was lost'));
  await eventually(() => {
    expect(pipelines.count()).toBe(0);
  });
  await expect(pid()).resolves.not.toBe(first);
});

test('connections never exceed the maximum, also while others are being closed', async () => {
  const { query, pid, mostOpen } = await open({
    maxConnections: 2,
    depth: 1,
    isUsableAfter: () => false,
  });
  for (let round = 0; round < 5; round++)
    await Promise.allSettled([query('select 1 / 0 as value'), pid()]);
  expect(mostOpen()).toBe(2);
});

test('a statement without a result is cancelled, and its connection is not used for others', async () => {
  const { query, pid, cancelled } = await open({
    cancelMs: 2_000,
    graceMs: 500,
    maxConnections: 1,
  });
  const first = await pid();
  await expect(query('select pg_sleep(10) as value')).rejects.toThrow();
  expect(cancelled).toHaveLength(1);
  await expect(pid()).resolves.not.toBe(first);
});

test('a statement without a result is also given up on a connection that is to be closed', async () => {
  const { query, pid } = await open({
    ...{ affectsAllConnections: () => true, depth: 1 },
    ...{ cancelMs: 2_000, graceMs: 500 },
  });
  const [lost, other] = await together(2, pid);
  expect(other).not.toBe(lost);
  const running = together(2, () => query('select pg_sleep(60) as value').catch(String));
  const end = `select pg_terminate_backend(pid) as ended from pg_stat_activity where pid = ${lost} and state = 'active'`;
  await eventually(() => expect(administer(server.url, end)).resolves.toEqual([{ ended: true }]));
  await expect(running).resolves.toContain('Error: no result 2500 ms after the statement');
  await expect(pid()).resolves.toBeGreaterThan(0);
});

test('connections that are not needed, or are old, are closed', async () => {
  const old = await open({ maxAgeMs: -1 });
  const [first] = await together(1, old.pid);
  await expect(old.pid()).resolves.not.toBe(first);
  const idle = await open({ idleTimeoutMs: 20 });
  const second = await idle.pid();
  await eventually(() =>
    expect(
      administer(server.url, `select pid from pg_stat_activity where pid = ${second}`),
    ).resolves.toEqual([]),
  );
});

test('closing waits for the results', async () => {
  const { pipelines, query } = await open({});
  const results = together(3, () => query('select 1 as value from pg_sleep(0.05)'));
  await nextTurn();
  await pipelines.close();
  await expect(results).resolves.toEqual([1, 1, 1]);
});

test('after closing, no connection is opened', async () => {
  const { pipelines, query } = await open({ maxConnections: 1 });
  await query('select 1 as value');
  const closing = pipelines.close();
  // It waits for the connection that is being closed.
  await expect(query('select 1 as value')).rejects.toThrow('the database is closed');
  await closing;
  await expect(query('select 1 as value')).rejects.toThrow('the database is closed');
  expect(pipelines.count()).toBe(0);
});
