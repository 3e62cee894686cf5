import { createTasksClient, type TasksError } from '@tasks-api/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  createConnection,
  isUnreachable,
  type Connection,
} from '../../../../frontend/app/lib/tasks/connection.ts';
import { BrowserProfile, type BrowserTab } from '../../support/browser-profile.ts';

let browser: BrowserTab;
let connection: Connection;
let stop: () => void;
const probe = vi.fn<() => Promise<unknown>>();
const fault = await unreachable();

beforeEach(() => {
  vi.useFakeTimers();
  probe.mockReset().mockResolvedValue(undefined);
  browser = new BrowserProfile().openTab();
  connection = createConnection({ ...browser, probe });
  stop = connection.start();
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

/** What the client rejects with when nobody is there. */
function unreachable(): Promise<unknown> {
  const client = createTasksClient({ baseUrl: 'http://127.0.0.1:1', token: () => '', retries: 0 });
  return client.getLiveness().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('follows what the browser says, and asks the service whether it is back', async () => {
  expect(connection.get()).toBe('online');
  browser.setOnline(false);
  expect(connection.get()).toBe('offline');
  const { promise, resolve } = Promise.withResolvers<undefined>();
  probe.mockReturnValueOnce(promise);
  browser.setOnline(true);
  expect(connection.get()).toBe('offline');
  resolve(undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.get()).toBe('online');
  await vi.advanceTimersByTimeAsync(100_000);
  expect(probe).toHaveBeenCalledTimes(1);
});

test('notices a service that does not answer, and asks more and more seldom', async () => {
  probe.mockRejectedValue(fault);
  connection.failed(fault);
  expect(connection.get()).toBe('unreachable');
  connection.failed(fault);
  const asked: number[] = [];
  for (const _ of Array(8)) {
    await vi.advanceTimersByTimeAsync(15_000);
    asked.push(probe.mock.calls.length);
  }
  // After 2, 6, 14, 30, 60, 90 and 120 seconds.
  expect(asked).toEqual([3, 4, 4, 5, 5, 6, 6, 7]);
  probe.mockResolvedValue(undefined);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(connection.get()).toBe('online');
});

test('a probe that works while calls fail does not make it ask more often', async () => {
  for (const delay of [2_000, 4_000, 8_000]) {
    connection.failed(fault);
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(connection.get()).toBe('unreachable');
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.get()).toBe('online');
  }
  connection.succeeded();
  connection.failed(fault);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(connection.get()).toBe('online');
});

test('an answer ends it at once, and what nobody waits for is not asked', async () => {
  connection.failed(fault);
  connection.succeeded();
  expect(connection.get()).toBe('online');
  browser.setOnline(false);
  connection.failed(fault);
  expect(connection.get()).toBe('offline');
  stop();
  await vi.advanceTimersByTimeAsync(100_000);
  connection.failed(fault);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(probe).not.toHaveBeenCalled();
});

test('begins offline where the browser is', () => {
  browser.setOnline(false);
  const other = createConnection({ ...browser, probe });
  const end = other.start();
  expect(other.get()).toBe('offline');
  end();
});

test('only faults of the way count', () => {
  const of = (code: string, status?: number) =>
    Object.assign(new Error(), { name: 'TasksError', code, status }) as unknown as TasksError;
  const faults = [
    fault,
    of('timeout'),
    of('unavailable', 503),
    of('unexpected-reply', 502),
    of('unexpected-reply', 429),
  ];
  const others = [
    of('validation-error', 422),
    of('internal-error', 500),
    of('unexpected-reply', 404),
    new Error('network-error'),
    undefined,
  ];
  expect(faults.filter(isUnreachable)).toEqual(faults);
  expect(others.filter(isUnreachable)).toEqual([]);
  connection.failed(others[0]);
  expect(connection.get()).toBe('online');
});
