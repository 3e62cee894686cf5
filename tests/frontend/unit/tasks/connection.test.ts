import { createTasksClient, type TasksError } from '@tasks-api/client';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  createConnection,
  isUnreachable,
  type Connection,
  watchCalls,
} from '../../../../frontend/app/lib/tasks/connection.ts';
import { createQueryClient } from '../../../../frontend/app/lib/tasks/query-client.ts';
import { BrowserProfile, type BrowserTab } from '../../support/browser-profile.ts';

let browser: BrowserTab;
let connection: Connection;
let stop: () => void;
const probe = vi.fn<() => Promise<unknown>>();
const networkError = await unreachable();

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

/** The client's error for a service that is not running. */
function unreachable(): Promise<unknown> {
  const client = createTasksClient({ baseUrl: 'http://127.0.0.1:1', token: () => '', retries: 0 });
  return client.getLiveness().then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('follows the browser’s events, and probes the service when the browser is online again', async () => {
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

test('detects an unreachable service, and probes it with backoff', async () => {
  probe.mockRejectedValue(networkError);
  connection.reportFailure(networkError);
  expect(connection.get()).toBe('unreachable');
  connection.reportFailure(networkError);
  const probes: number[] = [];
  for (const _ of Array(8)) {
    await vi.advanceTimersByTimeAsync(15_000);
    probes.push(probe.mock.calls.length);
  }
  // After 2, 6, 14, 30, 60, 90 and 120 seconds.
  expect(probes).toEqual([3, 4, 4, 5, 5, 6, 6, 7]);
  probe.mockResolvedValue(undefined);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(connection.get()).toBe('online');
});

test('the backoff continues while only some calls succeed, until none has failed for a minute', async () => {
  for (const delay of [2_000, 4_000, 8_000]) {
    connection.reportFailure(networkError);
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(connection.get()).toBe('unreachable');
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.get()).toBe('online');
    connection.reportSuccess();
  }
  await vi.advanceTimersByTimeAsync(60_001);
  connection.reportFailure(networkError);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(connection.get()).toBe('online');
});

test('the backoff begins again when the browser is online again', async () => {
  probe.mockRejectedValue(networkError);
  browser.setOnline(false);
  await vi.advanceTimersByTimeAsync(100_000);
  browser.setOnline(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.get()).toBe('unreachable');
  probe.mockResolvedValue(undefined);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(connection.get()).toBe('online');
});

test('a successful call ends it at once, and nothing is probed after it is stopped', async () => {
  connection.reportFailure(networkError);
  connection.reportSuccess();
  expect(connection.get()).toBe('online');
  browser.setOnline(false);
  connection.reportFailure(networkError);
  expect(connection.get()).toBe('offline');
  stop();
  await vi.advanceTimersByTimeAsync(100_000);
  connection.reportFailure(networkError);
  await vi.advanceTimersByTimeAsync(100_000);
  expect(probe).not.toHaveBeenCalled();
});

test('starts offline if the browser is offline', () => {
  browser.setOnline(false);
  const other = createConnection({ ...browser, probe });
  const end = other.start();
  expect(other.get()).toBe('offline');
  end();
});

test('a response to a call that was sent before the browser went offline does not end it', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  probe.mockReturnValueOnce(promise);
  connection.reportFailure(networkError);
  await vi.advanceTimersByTimeAsync(2_000);
  browser.setOnline(false);
  resolve(undefined);
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.get()).toBe('offline');
  probe.mockRejectedValueOnce(networkError);
  connection.reportSuccess();
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.get()).toBe('offline');
});

test('the service can be reached although the browser reports that it is offline', async () => {
  browser.setOnline(false);
  connection.reportSuccess();
  await vi.advanceTimersByTimeAsync(0);
  expect(connection.get()).toBe('online');
});

test('only errors of the connection count', () => {
  const of = (code: string, status?: number) =>
    Object.assign(new Error(), { name: 'TasksError', code, status }) as unknown as TasksError;
  const unreachableErrors = [
    networkError,
    of('timeout'),
    of('unavailable', 503),
    of('rate-limited', 429),
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
  expect(unreachableErrors.filter(isUnreachable)).toEqual(unreachableErrors);
  expect(others.filter(isUnreachable)).toEqual([]);
  connection.reportFailure(others[0]);
  expect(connection.get()).toBe('online');
});

test('watches responses, not what the page itself stores in the cache', async () => {
  connection.reportFailure(networkError);
  const queryClient = createQueryClient();
  onTestFinished(watchCalls({ queryClient, key: ['tasks', 'user'], connection }));
  const queryKey = ['tasks', 'user', 'list'];
  queryClient.setQueryData(queryKey, 'restored');
  expect(connection.get()).toBe('unreachable');
  await queryClient.query({ queryKey, queryFn: () => 'response', staleTime: 0 });
  expect(connection.get()).toBe('online');
});
