import { Redis } from 'ioredis';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createSharedWrites } from '../../src/db/replica/shared-writes.ts';
import { UNKNOWN } from '../../src/db/replica/writes.ts';
import { isRedisInstalled, startRedis } from '../support/redis.ts';

/** The writes of two processes that share a Redis server. */
async function twoProcesses() {
  const redis = await startRedis();
  onTestFinished(() => redis.stop());
  const open = async () => {
    const writes = createSharedWrites(redis.url, 30, pino({ enabled: false }));
    onTestFinished(() => {
      writes.close();
    });
    await expect.poll(() => writes.positionOf('nobody')).toBe(0);
    return writes;
  };
  const [one, other] = await Promise.all([open(), open()]);
  const client = new Redis(redis.url);
  onTestFinished(() => {
    client.disconnect();
  });
  return {
    one,
    other,
    send: (command: string) => client.call(...(command.split(' ') as [string, ...string[]])),
  };
}

describe.runIf(isRedisInstalled)('the position of a write through another process', () => {
  test('is unknown until the end of the log was read after it', async () => {
    const { one, other } = await twoProcesses();
    await one.add('alice');
    expect(await other.positionOf('alice')).toBe(UNKNOWN);
    await one.locate(() => Promise.resolve(100));
    expect(await other.positionOf('alice')).toBe(100);
  });

  test('is unknown if it comes at any moment while the position of an earlier one is stored', async () => {
    const { one, other } = await twoProcesses();
    for (let moments = 0; moments < 20; moments++) {
      const user = `user-${moments}`;
      await one.add(user);
      const located = one.locate(() => Promise.resolve(100));
      for (let moment = 0; moment < moments; moment++) await Promise.resolve();
      await Promise.all([one.add(user), located]);
      expect(await other.positionOf(user)).toBe(UNKNOWN);
    }
  });

  test.each([
    ['is full', 'CONFIG SET maxmemory 1', 'CONFIG SET maxmemory 0'],
    ['is a replica', 'REPLICAOF 127.0.0.1 1', 'REPLICAOF NO ONE'],
  ] as const)('is unknown while Redis %s and rejects writes', async (_name, reject, accept) => {
    const { one, other, send } = await twoProcesses();
    await send(reject);
    await other.locate(() => Promise.resolve(100));
    await one.add('alice');
    expect(await other.positionOf('alice')).toBe(UNKNOWN);
    await send(accept);
    await other.locate(() => Promise.resolve(200));
    expect(await other.positionOf('bob')).toBe(0);
  });
});
