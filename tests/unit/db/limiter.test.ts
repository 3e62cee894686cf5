import { expect, test } from 'vitest';
import { createLimiter } from '../../../src/db/limiter.ts';

const unavailable = { name: 'Problem', code: 'unavailable' };

function task() {
  const { promise, resolve } = Promise.withResolvers<string>();
  let ran = false;
  const run = () => {
    ran = true;
    return promise;
  };
  return { run, resolve, ran: () => ran };
}

test('runs as many as allowed, the others in turn', async () => {
  const limiter = createLimiter({ concurrency: 2, maxWaiting: 10, patience: 10_000 });
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const run = (number: number) =>
    limiter.run(async () => {
      order.push(number);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
    });
  // Five callers, who come back twice.
  await Promise.all(
    [0, 1, 2, 3, 4].map((number) =>
      run(number)
        .then(() => run(number))
        .then(() => run(number)),
    ),
  );
  expect(most).toBe(2);
  expect(order.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(order).toHaveLength(15);
});

test('gives the result, or the error, of the task', async () => {
  const limiter = createLimiter({ concurrency: 1, maxWaiting: 1, patience: 10_000 });
  await expect(limiter.run(() => Promise.reject(new Error('fault')))).rejects.toThrow('fault');
  await expect(limiter.run(() => Promise.resolve(42))).resolves.toBe(42);
});

test('who loses patience never runs, and takes nobody else’s turn', async () => {
  const limiter = createLimiter({ concurrency: 1, maxWaiting: 2, patience: 20 });
  const first = task();
  const second = task();
  const running = limiter.run(first.run);
  await expect(limiter.run(second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  await expect(limiter.run(() => Promise.resolve('next'))).resolves.toBe('next');
  expect(second.ran()).toBe(false);
});

test('turns away who finds the queue full', async () => {
  const limiter = createLimiter({ concurrency: 1, maxWaiting: 1, patience: 10_000 });
  const first = task();
  const all = [limiter.run(first.run), limiter.run(() => Promise.resolve('waited'))];
  const third = task();
  await expect(limiter.run(third.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(Promise.all(all)).resolves.toEqual(['done', 'waited']);
  expect(third.ran()).toBe(false);
});

test('when closed, turns away who waits and who comes', async () => {
  const limiter = createLimiter({ concurrency: 1, maxWaiting: 1, patience: 10_000 });
  const first = task();
  const second = task();
  const running = limiter.run(first.run);
  const waiting = limiter.run(second.run);
  limiter.close();
  await expect(waiting).rejects.toMatchObject(unavailable);
  await expect(limiter.run(second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  expect(second.ran()).toBe(false);
});
