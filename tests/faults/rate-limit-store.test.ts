import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../src/commands/free-port.ts';
import { createClient } from '../support/client.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const isInstalled = spawnSync('redis-server', ['--version']).status === 0;

describe.runIf(isInstalled)('a Redis server that counts for two processes', () => {
  let port: number;
  let redis: ChildProcess;
  let services: TestService[];

  async function startRedis(): Promise<void> {
    const args = [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of redis.stdout ?? []) {
      if (String(line).includes('Ready to accept connections')) break;
    }
  }

  const connections = () =>
    services.map(({ log }) => log.filter((line) => line.includes('connected to the store')).length);

  /** The statuses of the user's requests, sent to the services in turn. */
  async function statusesOf(user: string, count: number): Promise<number[]> {
    const token = await tokenOf(user);
    const statuses = [];
    for (let sent = 0; sent < count; sent++) {
      const client = createClient(services[sent % 2]?.url ?? '', token);
      statuses.push((await client.get('/api/me')).status);
    }
    return statuses;
  }

  beforeAll(async () => {
    port = await freePort('port', '0', '127.0.0.1', '');
    await startRedis();
    const environment = { RATE_LIMIT: '4', RATE_LIMIT_STORE: `redis://127.0.0.1:${port}` };
    services = await Promise.all([startTestService(environment), startTestService(environment)]);
  });
  afterAll(async () => {
    redis.kill('SIGKILL');
    await Promise.all(services.map((service) => service.stop()));
  });

  test('they count together', async () => {
    await expect.poll(connections).toEqual([1, 1]);
    expect(await statusesOf('alice', 6)).toEqual([200, 200, 200, 200, 429, 429]);
  });

  test('while it hangs or is down, each counts its own, and then they count together again', async () => {
    for (const { log } of services) log.length = 0;
    redis.kill('SIGSTOP');
    expect(await statusesOf('bob', 10)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    expect(await statusesOf('carol', 10)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    for (const { log } of services)
      expect(log.filter((line) => line.includes('counting in this process'))).toHaveLength(1);
    await startRedis();
    await expect.poll(connections, { timeout: 10_000 }).toEqual([1, 1]);
    expect(await statusesOf('dave', 6)).toEqual([200, 200, 200, 200, 429, 429]);
  });
});
