import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runProcess, startProcess, type ServiceProcess } from '../support/process.ts';
import { tokenOf } from '../support/tokens.ts';

const SECRET = 'the-secret-of-the-worker-tests-000000';

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const environment = (workers: string) => ({
  DATABASE_URL: database.url,
  BETTER_AUTH_SECRET: SECRET,
  WORKERS: workers,
});

test.concurrent.each(['0', '1.5', 'many', '1000'])('WORKERS=%s is rejected', async (workers) => {
  const { code, stderr } = await runProcess('src/main.ts', environment(workers));
  expect(code).toBe(1);
  expect(stderr).toMatch(/^WORKERS: must be auto or an integer from 1 to \d+, the number of CPU/m);
});

// More workers than cores are rejected.
describe.runIf(availableParallelism() > 1)('two workers', () => {
  let service: ServiceProcess;

  beforeAll(async () => {
    service = await startProcess({ ...environment('2'), SHUTDOWN_DELAY: '3' });
  });
  afterAll(() => service.end('SIGKILL').catch(() => undefined));

  const logged = (message: string) => service.log().filter(({ msg }) => msg === message);
  const pids = () => logged('worker started').map(({ pid }) => Number(pid));

  test('share the port and the database', async () => {
    expect(new Set(pids()).size).toBe(2);
    const client = createClient(service.url, service.token);
    const titles = Array.from({ length: 20 }, (_, index) => `task ${index}`);
    await Promise.all(titles.map((title) => client.create({ title })));
    const { body } = await client.list();
    expect(body.items.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
  });

  test('revoked tokens are rejected by all workers within five seconds', async () => {
    const user = 'carol';
    const old = await tokenOf(user, {}, SECRET);
    // A connection stays with its worker.
    const statuses = (token: string) =>
      Promise.all(
        Array.from({ length: 20 }, async () => {
          const headers = { Authorization: `Bearer ${token}`, Connection: 'close' };
          return (await fetch(`${service.url}/api/tasks`, { headers })).status;
        }),
      );
    const client = createClient(service.url, old);
    expect((await client.delete('/api/me/tokens')).status).toBe(204);
    const fresh = await tokenOf(user, {}, SECRET);
    await expect
      .poll(async () => new Set(await statuses(old)), { timeout: 5_000 })
      .toEqual(new Set([401]));
    expect(new Set(await statuses(fresh))).toEqual(new Set([200]));
  });

  test('each worker that exits is replaced without a longer delay', async () => {
    const [first = NaN, second = NaN] = pids();
    for (const [replaced, pid] of [first, second].entries()) {
      process.kill(pid, 'SIGKILL');
      while (logged('worker started').length < 3 + replaced) await delay(20);
    }
    expect(logged('worker exited')).toMatchObject([
      { pid: first, signal: 'SIGKILL', delay_ms: 100 },
      { pid: second, signal: 'SIGKILL', delay_ms: 100 },
    ]);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });

  // `prlimit` is part of Linux distributions.
  test.runIf(process.platform === 'linux')(
    'a worker whose process cannot be created is replaced later',
    async () => {
      const setFileLimit = (limit: string) =>
        execFileSync('prlimit', ['--pid', String(service.pid), `--nofile=${limit}:`]);
      const [hardLimit = ''] = execFileSync(
        'prlimit',
        ['--pid', String(service.pid), '--nofile', '--noheadings', '--output=HARD'],
        { encoding: 'utf8' },
      ).split('\n');
      const started = pids().length;
      const exited = logged('worker exited').length;
      // Fewer than the process has open.
      setFileLimit('3');
      process.kill(pids().at(-1) ?? NaN, 'SIGKILL');
      await expect.poll(() => logged('worker exited').length).toBeGreaterThan(exited + 1);
      expect(logged('worker exited').at(-1)).toMatchObject({ err: { code: 'EMFILE' } });
      setFileLimit(hardLimit.trim());
      await expect.poll(() => pids().length).toBe(started + 1);
      expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    },
  );

  test('SIGTERM lets requests in flight finish and ends all processes', async () => {
    const client = createClient(service.url, service.token);
    const exited = logged('worker exited').length;
    const requests = Promise.all(Array.from({ length: 20 }, () => client.list()));
    expect(await service.end('SIGTERM')).toBe(0);
    await expect(requests).resolves.toHaveLength(20);
    for (const pid of pids()) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(logged('worker exited')).toHaveLength(exited);
  });
});

test.runIf(availableParallelism() > 1)('a port in use is reported', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await runProcess('src/main.ts', {
    ...environment('2'),
    PORT: String(port),
  });
  other.close();
  expect(code).toBe(1);
  expect(stderr).toContain(`PORT: ${port} is in use`);
});
