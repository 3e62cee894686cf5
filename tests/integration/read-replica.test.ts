import { pino } from 'pino';
import { inject } from 'vitest';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { routeReads } from '../../src/db/replica/read-routing.ts';
import { createClient, type Task } from '../support/client.ts';
import { startProxy } from '../support/proxy.ts';
import { isRedisInstalled, startRedis } from '../support/redis.ts';
import { type Replication, startReplication } from '../support/replication.ts';
import { administer, databaseUrl } from '../support/server.ts';
import { startTestService } from '../support/service.ts';
import { userWith } from '../support/tasks.ts';
import { tokenOf } from '../support/tokens.ts';

let replication: Replication;

beforeAll(async () => {
  replication = await startReplication();
  await migrate(replication.primary.url, { info: () => undefined });
});
afterAll(() => replication.stop());

async function start(environment: Record<string, string> = {}) {
  const service = await startTestService({
    DATABASE_URL: replication.primary.url,
    DATABASE_READ_URL: replication.replica.url,
    // Longer than a test takes on a busy machine; a paused replica lags.
    DATABASE_READ_MAX_LAG: '1h',
    ...environment,
  });
  onTestFinished(() => service.stop());
  return service;
}

type Service = Awaited<ReturnType<typeof start>>;

/** How often the service has changed to another server. */
const changes = ({ log }: Service, to: 'primary' | 'replica') =>
  log.filter((line) => line.includes(`"msg":"reading from the ${to}"`)).length;

/** Starts a service that reads from the replica. */
async function startReading(environment: Record<string, string> = {}) {
  const service = await start(environment);
  // On a busy machine, the replica can lag at first.
  await expect.poll(() => changes(service, 'replica')).toBeGreaterThan(0);
  return service;
}

/** Stops the replay until the end of the test. */
async function pauseReplica(): Promise<void> {
  await replication.replica.pause();
  onTestFinished(() => replication.replica.resume());
}

/** A user with one task, whose reads show where they come from: the task can have another title on the primary. */
async function userOf(service: Service) {
  const { user, client } = await userWith(service, [{ title: 'replica' }]);
  const rename = async (title: string) => {
    await administer(
      replication.primary.url,
      `update tasks set title = '${title}' where user_id = '${user}'`,
    );
  };
  const untilReplayed = (title: string) =>
    expect
      .poll(() =>
        administer(replication.replica.url, `select title from tasks where user_id = '${user}'`),
      )
      .toEqual([{ title }]);
  await untilReplayed('replica');
  const [task] = (await client.get<{ items: Task[] }>('/api/tasks')).body.items;
  const path = `/api/tasks/${task?.id ?? ''}`;
  return {
    user,
    client,
    path,
    /** Changes the title without the service. */
    rename,
    untilReplayed,
    /** Where the service reads the task from. */
    source: async () => (await client.get(path)).body.title,
  };
}

test('users read their own writes while the replica lags, and all other reads come from the replica', async () => {
  const service = await startReading();
  const [reader, writer] = [await userOf(service), await userOf(service)];
  await pauseReplica();
  await Promise.all([reader.rename('primary'), writer.rename('primary')]);
  await expect.poll(reader.source).toBe('replica');
  await expect.poll(writer.source).toBe('replica');

  const { body: written } = await writer.client.request<Task>('POST', '/api/tasks', {
    body: { title: 'written' },
  });
  const sourcesOf = async ({ client, path }: typeof reader) => {
    const [one, list, counts, page] = [
      await client.get(path),
      await client.get<{ items: Task[] }>('/api/tasks?sort=created&order=asc'),
      await client.get<{ pending: number }>('/api/me/task-counts'),
      await client.get<{ tasks: Task[] }>('/api/me/export'),
    ];
    return {
      one: one.body.title,
      list: list.body.items.map(({ title }) => title),
      pending: counts.body.pending,
      export: page.body.tasks.map(({ title }) => title),
    };
  };
  const all = (...titles: string[]) => ({
    one: titles[0],
    list: titles,
    pending: titles.length,
    export: titles,
  });
  // For longer than a check of the positions takes.
  for (let reads = 0; reads < 50; reads++)
    expect(await sourcesOf(writer)).toEqual(all('primary', 'written'));
  // The replica is not used for a moment if a check of its position was slow.
  await expect.poll(() => sourcesOf(reader)).toEqual(all('replica'));

  await replication.replica.resume();
  await expect.poll(reader.source).toBe('primary');
  const path = `/api/tasks/${written.id}`;
  await administer(replication.primary.url, `delete from tasks where id = '${written.id}'`);
  // The replica may replay it a moment later.
  await expect.poll(async () => (await writer.client.get(path)).status).toBe(404);
});

test('a user whose write the replica has replayed reads from the replica again', async () => {
  const service = await startReading();
  const { client, path, rename, untilReplayed, source } = await userOf(service);
  const body = { title: 'replica', description: 'written' };
  expect((await client.request('PATCH', path, { body })).status).toBe(200);
  const sourceWhilePaused = async () => {
    await untilReplayed('replica');
    await replication.replica.pause();
    await rename('primary');
    const found = await source();
    await replication.replica.resume();
    await rename('replica');
    return found;
  };
  await expect.poll(sourceWhilePaused).toBe('replica');
});

test('a failed write counts as a write', async () => {
  const service = await startReading();
  const user = await userOf(service);
  await pauseReplica();
  await user.rename('primary');
  await expect.poll(user.source).toBe('replica');
  const missing = '019367f0-0000-7000-8000-000000000000';
  expect((await user.client.delete(`/api/tasks/${missing}`)).status).toBe(404);
  expect(await user.source()).toBe('primary');
});

test('a write whose response is lost counts as a write', async () => {
  const proxy = await startProxy(replication.primary.url);
  const service = await startReading({ DATABASE_URL: proxy.url });
  const user = await userOf(service);
  await pauseReplica();
  // A write on a new connection could not be sent without the responses to its start.
  const release = proxy.swallow('written');
  const write = user.client.request('PATCH', user.path, { body: { title: 'written' } });
  const stored = `select title from tasks where user_id = '${user.user}'`;
  await expect
    .poll(() => administer(replication.primary.url, stored))
    .toEqual([{ title: 'written' }]);
  release();
  expect((await write).status).toBe(503);
  expect(await user.source()).toBe('written');
});

test('the connections to the replica are counted as well', async () => {
  const poolSize = 1;
  const primary = await openDatabase({ url: replication.primary.url, poolSize });
  const database = await routeReads(primary, {
    url: replication.replica.url,
    poolSize,
    preparedStatements: 'auto',
    maxLag: 30,
    store: undefined,
    log: pino({ enabled: false }),
  });
  onTestFinished(() => database.close());
  expect(database.use().connections).toBe(primary.use().connections + 1);
});

test('a replica that lags too far is not used', async () => {
  const service = await startReading({ DATABASE_READ_MAX_LAG: '1s' });
  const user = await userOf(service);
  await pauseReplica();
  await user.rename('primary');
  await expect.poll(user.source).toBe('primary');
  await expect.poll(() => service.log.join('')).toContain('the replica lags more than 1 s');
  await replication.replica.resume();
  await expect.poll(() => service.log.at(-1)).toContain('reading from the replica');
});

test('while the replica is down or hangs, all reads succeed, and then they come from the replica again', async () => {
  const proxy = await startProxy(replication.replica.url);
  const service = await startReading({ DATABASE_READ_URL: proxy.url });
  const user = await userOf(service);
  const readUntil = async (to: 'primary' | 'replica', change: () => unknown) => {
    service.log.length = 0;
    const changed = change();
    while (changes(service, to) === 0)
      expect(await Promise.all([user.source(), user.source()])).toEqual(['replica', 'replica']);
    await changed;
  };

  const pid = await replication.replica.pid();
  await readUntil('primary', () => process.kill(pid, 'SIGQUIT'));
  await readUntil('replica', () => replication.replica.start());
  await readUntil('primary', proxy.freeze);
  await readUntil('replica', proxy.thaw);
});

test('a service starts while its replica is down, and uses it later', async () => {
  const proxy = await startProxy(replication.replica.url);
  await proxy.down();
  const service = await start({ DATABASE_READ_URL: proxy.url });
  const user = await userOf(service);
  expect(service.log.join('')).toContain('DATABASE_READ_URL: cannot connect');
  await proxy.up();
  await expect.poll(() => changes(service, 'replica')).toBe(1);
  await pauseReplica();
  await user.rename('primary');
  await expect.poll(user.source).toBe('replica');
});

test.each([
  ['the primary', () => replication.primary.url, 'is a primary server'],
  ['another server', () => inject('databaseUrl'), 'is not a replica of the server of DATABASE_URL'],
  [
    'another database',
    () => databaseUrl(replication.replica.url, 'postgres'),
    'is not the database of DATABASE_URL, but another database of its server',
  ],
  [
    'a missing database',
    () => databaseUrl(replication.replica.url, 'missing'),
    'cannot connect to 127.0.0.1:\\d+ as tasks: database "missing" does not exist',
  ],
])('%s is refused', async (_, url, reason) => {
  await expect(start({ DATABASE_READ_URL: url() })).rejects.toThrow(
    new RegExp(`^DATABASE_READ_URL: ${reason}[^\\n]*$`),
  );
});

describe.runIf(isRedisInstalled)('with several processes', () => {
  test('a write through one of them is read through the other', async () => {
    const redis = await startRedis();
    onTestFinished(() => redis.stop());
    const environment = { RATE_LIMIT_STORE: redis.url };
    const [one, other] = [await startReading(environment), await startReading(environment)];
    const ready = ({ log }: typeof one) => log.join('').includes('store of the last writes');
    await expect.poll(() => ready(one) && ready(other)).toBe(true);
    const [reader, writer] = [await userOf(other), await userOf(one)];
    await pauseReplica();
    await reader.rename('primary');
    await expect.poll(reader.source).toBe('replica');

    const elsewhere = createClient(other.url, await tokenOf(writer.user));
    // Each write is read at once, before and after its position is known.
    for (let version = 2; version < 50; version++) {
      const title = `version ${version}`;
      await writer.client.request('PATCH', writer.path, { body: { title } });
      expect((await elsewhere.get(writer.path)).body.title).toBe(title);
    }
    await expect.poll(reader.source).toBe('replica');

    redis.suspend();
    expect(await reader.source()).toBe('primary');
  });
});
