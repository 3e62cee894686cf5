import { describe, expect, test, vi } from 'vitest';
import { createTasksClient } from '@tasks-api/client';
import { delay } from '../../sdk/src/delay.ts';
import { useFaultyClient } from '../support/faulty-client.ts';

const { server, tasks, timers } = useFaultyClient();

describe('the delay between attempts', () => {
  test('doubles with each retry, with jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    server.faults.push({ status: 502 }, { status: 502 }, { status: 502 });
    await tasks.listTasks();
    expect(timers.pauses).toEqual([250, 500, 1000]);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    server.faults.push({ status: 502 });
    await tasks.listTasks();
    expect(timers.pauses.at(-1)).toBe(125);
  });

  test('is at most 8 s, however many retries there are', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const fetch = () => Promise.resolve(new Response(null, { status: 502 }));
    const options = { baseUrl: 'http://localhost', token: () => '', fetch, retries: 7 };
    await expect(createTasksClient(options).listTasks()).rejects.toMatchObject({ status: 502 });
    expect(timers.pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000]);
  });

  test('honours Retry-After, in seconds or as a date, and adds the jitter to it', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const date = new Date(Date.now() + 30_000).toUTCString();
    server.faults.push({ status: 429, headers: { 'Retry-After': '7' } });
    server.faults.push({ status: 503, headers: { 'Retry-After': date } });
    await tasks.listTasks();
    expect(timers.pauses[0]).toBe(7_250);
    expect(timers.pauses[1]).toBeGreaterThan(20_000);
    expect(timers.pauses[1]).toBeLessThan(31_000);
  });

  test.each([
    '0',
    '-5',
    '1.5',
    'Thu, 01 Jan 1970 00:00:00 GMT',
    '2100-01-01T00:00:00Z',
    'garbage 1',
  ])('is neither removed nor extended by Retry-After: %s', async (value) => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const fault = { status: 503, headers: { 'Retry-After': value } };
    server.faults.push(fault, fault);
    await tasks.listTasks();
    expect(timers.pauses).toEqual([250, 500]);
  });

  test('is never longer than a minute: the call fails instead', async () => {
    server.faults.push({ status: 503, headers: { 'Retry-After': '60' } });
    server.faults.push({ status: 503, headers: { 'Retry-After': '61' } });
    await expect(tasks.listTasks()).rejects.toMatchObject({ status: 503, retryAfter: 61 });
    expect(server.requests).toHaveLength(2);
  });
});

describe('an abort', () => {
  test('at the moment when a response arrives ends the call without a delay', async () => {
    const reason = new Error('the page is closed');
    await expect(delay(1_000_000, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(timers.pauses).toEqual([]);
  });

  test('before, during and between attempts rejects the call with its reason', async () => {
    const reason = new Error('the page is closed');
    await expect(tasks.listTasks({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);

    timers.held = true;
    const during = new AbortController();
    server.faults.push('hang');
    const hanging = tasks.listTasks({ signal: during.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    during.abort(reason);
    await expect(hanging).rejects.toBe(reason);

    const between = new AbortController();
    server.faults.push({ status: 503 });
    const waiting = tasks.listTasks({ signal: between.signal }).catch((error: unknown) => error);
    await expect.poll(() => timers.pauses.length).toBe(1);
    between.abort(reason);
    // After all callbacks of promises, and without the end of the pause.
    const pending = new Promise((resolve) => setImmediate(resolve, 'still waiting'));
    expect(await Promise.race([waiting, pending])).toBe(reason);
    expect(server.requests).toHaveLength(2);
  });
});
