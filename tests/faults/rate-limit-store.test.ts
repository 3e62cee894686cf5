import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../support/client.ts';
import { isRedisInstalled, type Redis, startRedis } from '../support/redis.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

describe.runIf(isRedisInstalled)('a Redis server that counts for two processes', () => {
  let redis: Redis;
  let services: TestService[];

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
    redis = await startRedis();
    const environment = { RATE_LIMIT: '4', RATE_LIMIT_STORE: redis.url };
    services = await Promise.all([startTestService(environment), startTestService(environment)]);
  });
  afterAll(async () => {
    await redis.stop();
    await Promise.all(services.map((service) => service.stop()));
  });

  test('they count together', async () => {
    await expect.poll(connections).toEqual([1, 1]);
    expect(await statusesOf('alice', 6)).toEqual([200, 200, 200, 200, 429, 429]);
  });

  test('while it hangs or is down, each counts its own, and then they count together again', async () => {
    for (const { log } of services) log.length = 0;
    redis.suspend();
    expect(await statusesOf('bob', 10)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    await redis.stop();
    expect(await statusesOf('carol', 10)).toEqual([...Array<number>(8).fill(200), 429, 429]);
    for (const { log } of services)
      expect(log.filter((line) => line.includes('counting in this process'))).toHaveLength(1);
    await redis.start();
    await expect.poll(connections).toEqual([1, 1]);
    expect(await statusesOf('dave', 6)).toEqual([200, 200, 200, 200, 429, 429]);
  });
});
