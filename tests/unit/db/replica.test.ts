import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Database } from '../../../src/db/database.ts';
import { followReplica } from '../../../src/db/replica/follow-replica.ts';
import { createReplicaLag } from '../../../src/db/replica/lag.ts';
import { createLocalWrites, UNKNOWN } from '../../../src/db/replica/writes.ts';

describe('the writes of a process', () => {
  test('have an unknown position until the end of the log was read after them', async () => {
    const writes = createLocalWrites();
    expect(writes.positionOf('alice')).toBe(0);
    writes.add('alice');
    writes.add('bob');
    expect(writes.positionOf('alice')).toBe(UNKNOWN);
    const { promise, resolve } = Promise.withResolvers<number>();
    const located = writes.locate(() => promise);
    writes.add('bob');
    expect(writes.positionOf('alice')).toBe(UNKNOWN);
    resolve(100);
    expect(await located).toEqual({ position: 100, users: ['alice'] });
    expect(writes.positionOf('alice')).toBe(100);
    expect(writes.positionOf('bob')).toBe(UNKNOWN);
    await writes.locate(() => Promise.resolve(200));
    expect(writes.positionOf('bob')).toBe(200);
  });

  test('keep their unknown position when the end of the log cannot be read', async () => {
    const writes = createLocalWrites();
    writes.add('alice');
    await expect(writes.locate(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(writes.positionOf('alice')).toBe(UNKNOWN);
    await writes.locate(() => Promise.resolve(100));
    expect(writes.positionOf('alice')).toBe(100);
  });

  test('are removed up to a position', async () => {
    const writes = createLocalWrites();
    writes.add('alice');
    await writes.locate(() => Promise.resolve(100));
    writes.add('bob');
    writes.removeUntil(99);
    expect(writes.positionOf('alice')).toBe(100);
    writes.removeUntil(100);
    expect(writes.positionOf('alice')).toBe(0);
    expect(writes.positionOf('bob')).toBe(UNKNOWN);
  });
});

const returning = (row: object) =>
  ({ one: () => Promise.resolve(row), close: () => Promise.resolve() }) as unknown as Database;

describe('a replica', () => {
  test.each([
    [1, 'the replica has not followed the primary through a failover yet'],
    [2, undefined],
  ])('on timeline %i of a primary on timeline 2: %s', async (timeline, reason) => {
    const server = { system: '1', database: '1' };
    const position = { ...server, timeline: 2, inserted: 100, flushed: 100, is_citus: false };
    const database = returning({ ...server, timeline, replayed: 100 });
    const log = { info: vi.fn(), warn: vi.fn() };
    const replica = await followReplica({
      primary: returning(position),
      position,
      database,
      open: () => Promise.resolve(database),
      writes: createLocalWrites(),
      maxLag: 30,
      log,
    });
    onTestFinished(() => replica.close());
    expect(replica.current()).toBe(reason === undefined ? database : undefined);
    const warnings = reason === undefined ? [] : [[{ reason }, 'reading from the primary']];
    expect(log.warn.mock.calls).toEqual(warnings);
  });

  test('that is down does not keep the writes of the users for ever', async () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const server = { system: '1', database: '1' };
    const position = { ...server, timeline: 1, inserted: 100, flushed: 100, is_citus: false };
    const writes = createLocalWrites();
    writes.add('alice');
    const replica = await followReplica({
      primary: returning(position),
      position,
      database: undefined,
      open: () => Promise.reject(new Error('down')),
      writes,
      maxLag: 10,
      log: { info: vi.fn(), warn: vi.fn() },
    });
    onTestFinished(() => replica.close());
    await vi.advanceTimersByTimeAsync(9_000);
    expect(writes.positionOf('alice')).toBe(100);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(writes.positionOf('alice')).toBe(0);
  });

  test('is stale until it has replayed a position that is recent enough', () => {
    const lag = createReplicaLag(1000);
    expect(lag.isStale(0)).toBe(true);
    lag.addPrimary(0, 100);
    lag.setReplayed(99);
    expect(lag.isStale(0)).toBe(true);
    lag.setReplayed(100);
    expect(lag.isStale(1000)).toBe(false);
    expect(lag.isStale(1001)).toBe(true);
  });

  test('is not stale while the primary writes nothing', () => {
    const lag = createReplicaLag(1000);
    for (let time = 0; time < 10_000; time += 250) {
      lag.addPrimary(time, 100);
      lag.setReplayed(100);
      expect(lag.isStale(time)).toBe(false);
    }
  });

  test('has replayed the required position whenever it is not stale', () => {
    const lag = createReplicaLag(1000);
    for (let time = 0; time <= 5000; time += 250) lag.addPrimary(time, time);
    expect(lag.required()).toBe(3750);
    lag.setReplayed(3750);
    expect(lag.isStale(5000)).toBe(true);
    lag.setReplayed(4000);
    expect(lag.isStale(5000)).toBe(false);
  });
});
