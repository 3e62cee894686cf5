import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createFairQueue } from '../../../src/db/execution/fair-queue.ts';
import {
  extendDeadline,
  throwIfGivenUp,
  untilGivenUp,
  withDeadline,
  withoutDeadline,
} from '../../../src/deadlines/request-deadline.ts';

const WAITING_MS = 3_000;
const never = new Promise<never>(() => undefined);
const unavailable = (reason: string) => ({
  name: 'Problem',
  code: 'unavailable',
  cause: { message: reason },
});
const passed = unavailable('the deadline of the request has passed');
const left = unavailable('the client has closed its connection');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs the work of a request, until its client leaves. */
function request<T>(run: () => T) {
  const response = new ServerResponse(new IncomingMessage(new Socket()));
  return { result: withDeadline(response, run), leave: () => response.emit('close') };
}

test('all waits of a request share one deadline', async () => {
  const waits = async () => {
    await untilGivenUp(new Promise((resolve) => setTimeout(resolve, WAITING_MS - 1)));
    throwIfGivenUp();
    const end = performance.now() + 1;
    await expect(untilGivenUp(never)).rejects.toMatchObject(passed);
    expect(performance.now()).toBe(end);
    expect(throwIfGivenUp).toThrow('unavailable');
  };
  const { result } = request(waits);
  await vi.advanceTimersByTimeAsync(WAITING_MS);
  await result;
});

test('a wait ends when the client leaves, and no other begins', async () => {
  const { result, leave } = request(async () => {
    await expect(untilGivenUp(never)).rejects.toMatchObject(left);
    expect(throwIfGivenUp).toThrow('unavailable');
    await expect(untilGivenUp(never)).rejects.toMatchObject(left);
  });
  leave();
  await vi.advanceTimersByTimeAsync(1);
  await result;
});

test('a wait of its own limit ends before the deadline, with or without a request', async () => {
  const timedOut = unavailable('timed out after 20 ms');
  const wait = () => expect(untilGivenUp(never, 20)).rejects.toMatchObject(timedOut);
  const waits = [request(wait).result, wait()];
  await vi.advanceTimersByTimeAsync(20);
  await Promise.all(waits);
});

test('the reason is the deadline, also if its timer fires a little early', async () => {
  const { result } = request(() => expect(untilGivenUp(never)).rejects.toMatchObject(passed));
  const early = vi.spyOn(performance, 'now').mockReturnValue(performance.now() + WAITING_MS - 0.5);
  await vi.advanceTimersByTimeAsync(WAITING_MS);
  await result;
  early.mockRestore();
});

test('the time for a body is not counted', async () => {
  const { result } = request(async () => {
    await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
    extendDeadline(WAITING_MS);
    throwIfGivenUp();
  });
  await vi.advanceTimersByTimeAsync(WAITING_MS);
  await result;
});

test('shared work has no deadline', async () => {
  const shared = async () => {
    await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
    throwIfGivenUp();
  };
  const { leave, result } = request(() => withoutDeadline(shared));
  leave();
  await vi.advanceTimersByTimeAsync(WAITING_MS);
  await result;
});

test('no timer is left', async () => {
  const { result } = request(() => untilGivenUp(Promise.resolve(1)));
  await expect(result).resolves.toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('the waiting statements of a client that leaves are removed from the queue', async () => {
  const queue = createFairQueue({ slots: [0], maxPerUser: 1, maxQueued: 2, waitTimeoutMs: 10_000 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const statement = vi.fn(() => Promise.resolve('ran'));
  const running = queue.run('alice', () => promise);
  const first = request(() => queue.run('alice', statement));
  const second = request(() => queue.run('alice', statement));
  expect(queue.use()).toEqual({ running: 1, waiting: 2 });
  first.leave();
  await expect(first.result).rejects.toMatchObject(left);
  expect(queue.use()).toEqual({ running: 1, waiting: 1 });
  resolve('done');
  await expect(Promise.all([running, second.result])).resolves.toEqual(['done', 'ran']);
  expect(statement).toHaveBeenCalledOnce();
});
