import { expect, test } from 'vitest';
import { createStatementQueue } from '../../../src/db/statement-queue.ts';

const unavailable = { name: 'Problem', code: 'unavailable' };

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

test('runs as many statements as allowed concurrently, and the others in order', async () => {
  const queue = createStatementQueue({ concurrency: 2, maxQueued: 10, waitTimeoutMs: 10_000 });
  const order: number[] = [];
  let running = 0;
  let maxRunning = 0;
  const run = (number: number) =>
    queue.run(async () => {
      order.push(number);
      maxRunning = Math.max(maxRunning, ++running);
      await new Promise(setImmediate);
      running--;
    });
  // Five callers with three statements each.
  await Promise.all(
    [0, 1, 2, 3, 4].map((number) =>
      run(number)
        .then(() => run(number))
        .then(() => run(number)),
    ),
  );
  expect(maxRunning).toBe(2);
  expect(order.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(order).toHaveLength(15);
});

test('returns the result or throws the error of the statement', async () => {
  const queue = createStatementQueue({ concurrency: 1, maxQueued: 1, waitTimeoutMs: 10_000 });
  await expect(queue.run(() => Promise.reject(new Error('fault')))).rejects.toThrow('fault');
  await expect(queue.run(() => Promise.resolve(42))).resolves.toBe(42);
});

test('a statement whose wait times out never runs, and does not block the others', async () => {
  const queue = createStatementQueue({ concurrency: 1, maxQueued: 2, waitTimeoutMs: 20 });
  const first = pendingStatement();
  const second = pendingStatement();
  const running = queue.run(first.run);
  await expect(queue.run(second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  await expect(queue.run(() => Promise.resolve('next'))).resolves.toBe('next');
  expect(second.started()).toBe(false);
});

test('rejects a statement when the queue is full', async () => {
  const queue = createStatementQueue({ concurrency: 1, maxQueued: 1, waitTimeoutMs: 10_000 });
  const first = pendingStatement();
  const all = [queue.run(first.run), queue.run(() => Promise.resolve('waited'))];
  const third = pendingStatement();
  await expect(queue.run(third.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(Promise.all(all)).resolves.toEqual(['done', 'waited']);
  expect(third.started()).toBe(false);
});

test('after close, rejects waiting and new statements', async () => {
  const queue = createStatementQueue({ concurrency: 1, maxQueued: 1, waitTimeoutMs: 10_000 });
  const first = pendingStatement();
  const second = pendingStatement();
  const running = queue.run(first.run);
  const waiting = queue.run(second.run);
  queue.close();
  await expect(waiting).rejects.toMatchObject(unavailable);
  await expect(queue.run(second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  expect(second.started()).toBe(false);
});
