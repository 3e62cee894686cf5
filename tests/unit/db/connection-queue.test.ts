import { expect, onTestFinished, test, vi } from 'vitest';
import { createConnectionQueue } from '../../../src/db/connection-queue.ts';

const unavailable = { name: 'Problem', code: 'unavailable' };

interface Connection {
  readonly number: number;
  readonly lose: () => void;
}

const defaults = {
  maxConnections: 1,
  maxQueued: 10,
  waitTimeoutMs: 10_000,
  idleTimeoutMs: 10_000,
  maxAgeMs: 10_000,
  /** How many of the first attempts to open a connection fail. */
  failures: 0,
};

function openQueue(options: Partial<typeof defaults>) {
  const settings = { ...defaults, ...options };
  let { failures } = settings;
  const opened: Connection[] = [];
  const closed: number[] = [];
  const queue = createConnectionQueue<Connection>({
    ...settings,
    open: async (onLost) => {
      await new Promise(setImmediate);
      if (failures-- > 0) throw new Error('connection refused');
      const connection: Connection = {
        number: opened.length,
        lose: () => {
          onLost(connection);
        },
      };
      opened.push(connection);
      return connection;
    },
    close: ({ number }) => {
      closed.push(number);
      return Promise.resolve();
    },
    isUsableAfter: (error) => error instanceof Error && error.message === 'violation',
  });
  onTestFinished(() => {
    queue.close();
  });
  return { queue, opened, closed };
}

const numberOf = ({ number }: Connection) => Promise.resolve(number);

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

test('runs as many statements as there are connections concurrently, and the others in order', async () => {
  const { queue, opened } = openQueue({ maxConnections: 2 });
  const order: number[] = [];
  const used = new Set<number>();
  let running = 0;
  let maxRunning = 0;
  const run = (number: number) =>
    queue.run(async (connection) => {
      order.push(number);
      used.add(connection.number);
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
  expect(opened).toHaveLength(2);
  expect(used).toEqual(new Set([0, 1]));
});

test('returns the result or throws the error of the statement', async () => {
  const { queue } = openQueue({});
  await expect(queue.run(() => Promise.reject(new Error('fault')))).rejects.toThrow('fault');
  await expect(queue.run(() => Promise.resolve(42))).resolves.toBe(42);
});

test('a connection is used again after a violation, and replaced after any other error', async () => {
  const { queue, closed } = openQueue({});
  await queue.run(() => Promise.reject(new Error('violation'))).catch(() => undefined);
  await expect(queue.run(numberOf)).resolves.toBe(0);
  const fault = queue.run(() => Promise.reject(new Error('fault')));
  // This one waits for the connection of the first.
  const next = queue.run(numberOf);
  await expect(fault).rejects.toThrow('fault');
  await expect(next).resolves.toBe(1);
  expect(closed).toEqual([0]);
});

test('a connection that is lost, in use or not, is replaced', async () => {
  const { queue, opened, closed } = openQueue({});
  await expect(queue.run(numberOf)).resolves.toBe(0);
  opened[0]?.lose();
  await expect(queue.run(numberOf)).resolves.toBe(1);
  await queue.run(async ({ lose }) => {
    await new Promise(setImmediate);
    lose();
  });
  await expect(queue.run(numberOf)).resolves.toBe(2);
  expect(closed).toEqual([0, 1]);
});

test('a connection that cannot be opened fails its statement, and the next one tries again', async () => {
  const { queue } = openQueue({ failures: 2 });
  const all = [1, 2, 3, 4].map(() => queue.run(numberOf));
  await expect(Promise.allSettled(all)).resolves.toMatchObject([
    { reason: { message: 'connection refused' } },
    { reason: { message: 'connection refused' } },
    { value: 0 },
    { value: 0 },
  ]);
});

test('connections that are not needed are closed', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { queue, closed } = openQueue({ maxConnections: 3, idleTimeoutMs: 1000 });
  const runTogether = (count: number) =>
    Promise.all(Array.from({ length: count }, () => queue.run(() => new Promise(setImmediate))));
  await runTogether(3);
  vi.advanceTimersByTime(1000);
  await runTogether(2);
  expect(closed).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(closed).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(closed).toHaveLength(3);
  await expect(queue.run(numberOf)).resolves.toBe(3);
});

test('a connection is replaced when it is old', async () => {
  const { queue, closed } = openQueue({ maxAgeMs: -1 });
  await expect(queue.run(numberOf)).resolves.toBe(0);
  await expect(Promise.all([queue.run(numberOf), queue.run(numberOf)])).resolves.toEqual([1, 2]);
  expect(closed).toEqual([0, 1, 2]);
});

test('a statement whose wait times out never runs, and does not block the others', async () => {
  const { queue } = openQueue({ maxQueued: 2, waitTimeoutMs: 20 });
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
  const { queue } = openQueue({ maxQueued: 1 });
  const first = pendingStatement();
  const all = [queue.run(first.run), queue.run(() => Promise.resolve('waited'))];
  const third = pendingStatement();
  await expect(queue.run(third.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(Promise.all(all)).resolves.toEqual(['done', 'waited']);
  expect(third.started()).toBe(false);
});

test('after close, rejects waiting and new statements', async () => {
  const { queue } = openQueue({ maxQueued: 1 });
  const first = pendingStatement();
  const second = pendingStatement();
  const running = queue.run(first.run);
  const waiting = queue.run(second.run);
  await vi.waitUntil(first.started);
  queue.close();
  await expect(waiting).rejects.toMatchObject(unavailable);
  await expect(queue.run(second.run)).rejects.toMatchObject(unavailable);
  first.resolve('done');
  await expect(running).resolves.toBe('done');
  expect(second.started()).toBe(false);
});
