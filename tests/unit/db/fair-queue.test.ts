import { expect, onTestFinished, test } from 'vitest';
import { createFairQueue, SERVICE } from '../../../src/db/execution/fair-queue.ts';

const unavailable = { name: 'Problem', code: 'unavailable' };

const defaults = { maxPerUser: 10, maxQueued: 100, waitTimeoutMs: 10_000 };

function openQueue({ slots = 1, ...limits }: Partial<typeof defaults> & { slots?: number }) {
  const numbers = Array.from({ length: slots }, (_, number) => number);
  const queue = createFairQueue({ ...defaults, ...limits, slots: numbers });
  onTestFinished(() => {
    queue.close();
  });
  return queue;
}

/** A statement that runs until it is resolved. */
function pendingStatement() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let started = false;
  const run = () => {
    started = true;
    return promise;
  };
  return { run, resolve, started: () => started };
}

test('runs one statement per slot, and those of a user in order', async () => {
  const queue = openQueue({ slots: 2 });
  const order: number[] = [];
  const used = new Set<number>();
  let running = 0;
  let maxRunning = 0;
  await Promise.all(
    [0, 1, 2, 3, 4].map((number) =>
      queue.run('alice', async (slot) => {
        order.push(number);
        used.add(slot);
        maxRunning = Math.max(maxRunning, ++running);
        await new Promise(setImmediate);
        running--;
      }),
    ),
  );
  expect(maxRunning).toBe(2);
  expect(order).toEqual([0, 1, 2, 3, 4]);
  expect(used).toEqual(new Set([0, 1]));
});

test('users take turns', async () => {
  const queue = openQueue({});
  const order: string[] = [];
  const run = (user: string) =>
    queue.run(user, async () => {
      order.push(user);
      await new Promise(setImmediate);
    });
  await Promise.all(['a', 'a', 'a', 'a', 'a', 'b', 'b', 'c'].map(run));
  expect(order.join('')).toBe('aabcabaa');
});

test('a user cannot use all slots', async () => {
  const queue = openQueue({ slots: 3, maxPerUser: 2 });
  const statements = [pendingStatement(), pendingStatement(), pendingStatement()];
  const all = statements.map(({ run }) => queue.run('alice', run));
  await expect(queue.run('bob', () => Promise.resolve('bob'))).resolves.toBe('bob');
  expect(statements.map(({ started }) => started())).toEqual([true, true, false]);
  statements[0]?.resolve('first');
  await all[0];
  expect(statements[2]?.started()).toBe(true);
  for (const { resolve } of statements) resolve('done');
  await expect(Promise.all(all)).resolves.toEqual(['first', 'done', 'done']);
});

test('returns the result or throws the error of the statement', async () => {
  const queue = openQueue({});
  await expect(queue.run('alice', () => Promise.reject(new Error('fault')))).rejects.toThrow(
    'fault',
  );
  await expect(queue.run('alice', () => Promise.resolve(42))).resolves.toBe(42);
});

test('a statement whose wait times out never runs, and does not block the others', async () => {
  const queue = openQueue({ maxQueued: 2, waitTimeoutMs: 20 });
  const first = pendingStatement();
  const second = pendingStatement();
  const running = queue.run('alice', first.run);
  await expect(queue.run('alice', second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  await expect(queue.run('alice', () => Promise.resolve('next'))).resolves.toBe('next');
  expect(second.started()).toBe(false);
});

test('rejects a statement when the queue is full', async () => {
  const queue = openQueue({ maxQueued: 1 });
  const first = pendingStatement();
  const all = [queue.run('alice', first.run), queue.run('bob', () => Promise.resolve('waited'))];
  const third = pendingStatement();
  await expect(queue.run('carol', third.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(Promise.all(all)).resolves.toEqual(['done', 'waited']);
  expect(third.started()).toBe(false);
});

test('the statements of the service itself go first, and also wait when the queue is full', async () => {
  const queue = openQueue({ maxQueued: 2 });
  const first = pendingStatement();
  const order: string[] = [];
  const run = (user: string) =>
    queue.run(user, () => {
      order.push(user);
      return Promise.resolve();
    });
  const all = [queue.run('alice', first.run), run('alice'), run('bob'), run(SERVICE), run(SERVICE)];
  await expect(run('carol')).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await Promise.all(all);
  expect(order).toEqual([SERVICE, SERVICE, 'alice', 'bob']);
});

test('after close, rejects waiting and new statements', async () => {
  const queue = openQueue({});
  const first = pendingStatement();
  const second = pendingStatement();
  const running = queue.run('alice', first.run);
  const waiting = queue.run('bob', second.run);
  queue.close();
  await expect(waiting).rejects.toMatchObject(unavailable);
  await expect(queue.run('alice', second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  expect(second.started()).toBe(false);
});
