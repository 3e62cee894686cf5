import cluster, { type Worker } from 'node:cluster';
import { EventEmitter } from 'node:events';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startWorkers } from '../../../src/workers/start-workers.ts';

const log = pino({ level: 'silent' });

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(cluster, 'setupPrimary').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A worker that listens at once. */
class Listening extends EventEmitter {
  readonly process = { pid: 1 };
  constructor() {
    super();
    queueMicrotask(() => this.emit('message', { port: 8000 }));
  }
  asWorker = () => this as unknown as Worker;
}

test('a worker whose process cannot be created is replaced later, and not after the stop', async () => {
  const first = new Listening();
  const second = new Listening();
  const fork = vi
    .spyOn(cluster, 'fork')
    .mockReturnValueOnce(first.asWorker())
    .mockImplementationOnce(() => {
      throw new Error('out of memory');
    })
    .mockReturnValueOnce(second.asWorker());
  const workers = await startWorkers({ count: 1, environment: {}, log });

  first.emit('exit', 1, null);
  await vi.advanceTimersByTimeAsync(100);
  expect(fork).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(200);
  expect(fork).toHaveBeenCalledTimes(3);

  second.emit('exit', 1, null);
  expect(vi.getTimerCount()).toBe(1);
  await workers.close();
  // A timer would keep the process running.
  expect(vi.getTimerCount()).toBe(0);
});
