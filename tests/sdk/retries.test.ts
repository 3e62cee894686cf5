import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTasksClient, type TasksClient } from '@tasks-api/client';
import { type Fault, useFaultyServer } from '../support/faulty-server.ts';
import { useService } from '../support/service.ts';
import { expiredTokenOf, tokenOf } from '../support/tokens.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
/** One client that uses the faulty server, and one that uses the service directly. */
let tasks: TasksClient;
let straight: TasksClient;
let user = 0;
/** The delays between attempts, in milliseconds. The tests either skip them or hold them, so that they never end. */
let pauses: number[];
let held: boolean;

beforeEach(async () => {
  user += 1;
  const token = await tokenOf(`user-${user}`);
  tasks = createTasksClient({ baseUrl: server.url, token: () => token, timeout: 2_000 });
  straight = createTasksClient({ baseUrl: service.url, token: () => token });
  server.faults.length = 0;
  server.requests.length = 0;
  held = false;
  pauses = recordPauses();
});
afterEach(() => {
  vi.restoreAllMocks();
});

function recordPauses(): number[] {
  const recorded: number[] = [];
  const { setTimeout } = globalThis;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation((callback, milliseconds, ...args) => {
    const isPause = new Error().stack?.includes('/delay.') ?? false;
    if (isPause) recorded.push(milliseconds ?? 0);
    return setTimeout(
      isPause && held ? () => undefined : callback,
      isPause ? 0 : milliseconds,
      ...args,
    );
  });
  return recorded;
}

const titles = async () => {
  const all = await Array.fromAsync(straight.allTasks());
  return all.map(({ title }) => title).toSorted();
};
const milk = { title: 'Buy milk' };
const overload: Fault = { status: 503, headers: { 'Retry-After': '0' } };

describe('calls that are safe to retry are retried', () => {
  const passing: [string, Fault][] = [
    ['a lost request', 'lose the request'],
    ['a lost response', 'lose the response'],
    ['an incomplete response', 'cut the response'],
    ['a timeout', 'hang'],
    ['429', { status: 429, headers: { 'Retry-After': '0' } }],
    ['502', { status: 502, body: '<h1>Bad gateway</h1>' }],
    ['503', overload],
    ['504', { status: 504 }],
  ];

  test.each(passing)('after %s: createTask creates one task', async (_name, fault) => {
    server.faults.push(fault);
    const task = await tasks.createTask({ body: milk });
    expect(await straight.getTask({ path: { id: task.id } })).toEqual(task);
    expect(await titles()).toEqual(['Buy milk']);
    const keys = server.requests.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toBe(keys[1]);
  });

  test.each(passing)('after %s: every other idempotent operation', async (_name, fault) => {
    const { id } = await straight.createTask({ body: milk });
    const path = { id };
    const calls = [
      () => tasks.listTasks(),
      () => tasks.getTask({ path }),
      () => tasks.updateTask({ path, body: { title: 'put' } }),
      () => tasks.patchTask({ path, body: { title: 'patched' } }),
      () => tasks.completeTask({ path, body: { completed: true } }),
      () => tasks.getCurrentUser(),
      () => tasks.countTasks(),
      () => tasks.exportCurrentUser(),
      () => tasks.deleteTask({ path }),
      () => tasks.deleteCurrentUser(),
    ];
    for (const call of calls) {
      server.faults.push(fault);
      await call();
      expect(server.faults).toEqual([]);
    }
    expect(server.requests).toHaveLength(2 * calls.length);
    expect(await titles()).toEqual([]);
  });

  test('at most three times', async () => {
    server.faults.push('lose the response', 'lose the response', 'lose the response');
    await tasks.createTask({ body: milk });
    server.faults.push(overload, overload, overload, overload);
    await expect(tasks.listTasks()).rejects.toMatchObject({
      code: 'unexpected-reply',
      status: 503,
    });
    expect(server.requests).toHaveLength(8);
    expect(await titles()).toEqual(['Buy milk']);
  });

  test('concurrent creations are neither lost nor duplicated', async () => {
    const wanted = Array.from({ length: 30 }, (_, number) => `Task ${String(number + 10)}`);
    server.faults.push(...passing.map(([, fault]) => fault));
    server.faults.push(
      'lose the response',
      'lose the response',
      'cut the response',
      'lose the response',
    );
    await Promise.all(wanted.map((title) => tasks.createTask({ body: { title } })));
    expect(await titles()).toEqual(wanted);
  });
});

describe('calls are not retried', () => {
  test.each<Fault>(['lose the response', 'cut the response', overload])(
    'if they toggle, after %j',
    async (fault) => {
      const { id } = await straight.createTask({ body: milk });
      server.faults.push(fault);
      await expect(tasks.completeTask({ path: { id } })).rejects.toThrow();
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each([400, 404, 409, 422, 500, 501])('after the status %d', async (status) => {
    server.faults.push({ status });
    await expect(tasks.listTasks()).rejects.toMatchObject({ status });
    expect(server.requests).toHaveLength(1);
  });

  test('after a redirect', async () => {
    server.faults.push({ status: 301, headers: { Location: '/api/tasks' } });
    await expect(tasks.createTask({ body: milk })).rejects.toMatchObject({
      code: 'unexpected-reply',
      status: 301,
      message: 'Redirected to /api/tasks, which the client does not follow; correct `baseUrl`',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('with retries: 0', async () => {
    const once = createTasksClient({ baseUrl: server.url, token: () => 'any', retries: 0 });
    server.faults.push('lose the request');
    await expect(once.getLiveness()).rejects.toMatchObject({ code: 'network-error' });
    expect(server.requests).toHaveLength(1);
  });
});

describe('a retried deletion', () => {
  const lost: Fault[] = ['lose the response', 'cut the response', 'hang'];
  const done: Fault[] = [502, 503, 504].map((status) => ({ status, done: true }));

  test.each([...lost, ...done])('succeeds if the task is not found, after %j', async (fault) => {
    const { id } = await straight.createTask({ body: milk });
    server.faults.push(fault);
    await tasks.deleteTask({ path: { id } });
    expect(await titles()).toEqual([]);
  });

  test('fails if the 404 is not from the service', async () => {
    server.faults.push('lose the request', { status: 404, body: '<h1>No such host</h1>' });
    const path = { id: randomUUID() };
    await expect(tasks.deleteTask({ path })).rejects.toMatchObject({ code: 'unexpected-reply' });
  });

  test('succeeds if the token expires between the attempts', async () => {
    const { id } = await straight.createTask({ body: milk });
    const expired = JSON.stringify({
      type: 'urn:tasks-api:problem:token-expired',
      code: 'token-expired',
      detail: 'Token expired',
    });
    server.faults.push('lose the response', { status: 401, body: expired });
    await tasks.deleteTask({ path: { id } });
  });

  test.each<Fault[]>([[], [{ status: 429 }]])(
    'fails with not-found if no attempt can have succeeded, after %j',
    async (...faults) => {
      server.faults.push(...faults);
      const path = { id: randomUUID() };
      await expect(tasks.deleteTask({ path })).rejects.toMatchObject({ code: 'not-found' });
    },
  );
});

test('a conditional change is made once', async () => {
  const task = await straight.createTask({ body: milk });
  server.faults.push('lose the request');
  const options = { path: { id: task.id }, body: { title: 'Buy oat milk' }, ifMatch: task.etag };
  expect(await tasks.patchTask(options)).toMatchObject({ title: 'Buy oat milk', etag: '"2"' });
  await expect(tasks.patchTask(options)).rejects.toMatchObject({ code: 'precondition-failed' });
});

describe('the outcome of a failed call', () => {
  const ambiguous: Fault[] = ['lose the response', 'cut the response', overload, { status: 500 }];
  let path: { id: string };
  let etag: string;
  let impatient: TasksClient;

  beforeEach(async () => {
    const task = await straight.createTask({ body: milk });
    [path, etag] = [{ id: task.id }, task.etag];
    const token = await tokenOf(`user-${user}`);
    impatient = createTasksClient({ baseUrl: server.url, token: () => token, retries: 0 });
  });

  test.each(ambiguous)('is unknown for a change, after %j', async (fault) => {
    const body = { title: 'b' };
    for (const call of [
      () => impatient.completeTask({ path }),
      () => impatient.createTask({ body }),
      () => impatient.patchTask({ path, body, ifMatch: etag }),
      () => impatient.deleteTask({ path }),
    ]) {
      server.faults.push(fault);
      await expect(call()).rejects.toMatchObject({
        outcomeUnknown: true,
        message: expect.stringContaining('. The request may have taken effect.') as string,
      });
    }
  });

  test.each(['lose the request', ...ambiguous] satisfies Fault[])(
    'is known if the call only reads, after %j',
    async (fault) => {
      server.faults.push(fault);
      await expect(impatient.getTask({ path })).rejects.toMatchObject({ outcomeUnknown: false });
    },
  );

  test.each<Fault>(['lose the response', { status: 503, done: true }])(
    'is unknown for a conditional change that is retried, after %j',
    async (fault) => {
      server.faults.push(fault);
      const body = { title: 'b' };
      await expect(tasks.patchTask({ path, body, ifMatch: etag })).rejects.toMatchObject({
        code: 'precondition-failed',
        outcomeUnknown: true,
      });
      expect(await titles()).toEqual(['b']);
    },
  );

  test('is known if every attempt was rejected', async () => {
    server.faults.push({ status: 429 });
    const stale = { path, body: { title: 'b' }, ifMatch: '"9"' };
    await expect(tasks.patchTask(stale)).rejects.toMatchObject({ outcomeUnknown: false });
  });

  test('is unknown for a change whose response is invalid', async () => {
    server.faults.push({ status: 200, body: '<h1>Welcome</h1>' });
    await expect(tasks.completeTask({ path })).rejects.toMatchObject({
      code: 'unexpected-reply',
      outcomeUnknown: true,
    });
  });

  test('is unknown if no new token is returned for a retry', async () => {
    const token = vi
      .fn<() => Promise<string>>()
      .mockResolvedValueOnce(await expiredTokenOf(`user-${user}`))
      .mockReturnValue(new Promise(() => undefined));
    const client = createTasksClient({ baseUrl: server.url, token, timeout: 1_000 });
    server.faults.push('lose the response');
    await expect(client.deleteTask({ path })).rejects.toMatchObject({
      code: 'timeout',
      outcomeUnknown: true,
    });
  });
});

describe('the delay between attempts', () => {
  test('doubles with each retry, with jitter', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1);
    server.faults.push({ status: 502 }, { status: 502 }, { status: 502 });
    await tasks.listTasks();
    expect(pauses).toEqual([250, 500, 1000]);
    vi.spyOn(Math, 'random').mockReturnValue(0);
    server.faults.push({ status: 502 });
    await tasks.listTasks();
    expect(pauses.at(-1)).toBe(125);
  });

  test('honours Retry-After, in seconds or as a date', async () => {
    const date = new Date(Date.now() + 30_000).toUTCString();
    server.faults.push({ status: 429, headers: { 'Retry-After': '7' } });
    server.faults.push({ status: 503, headers: { 'Retry-After': date } });
    await tasks.listTasks();
    expect(pauses[0]).toBeGreaterThanOrEqual(7_000);
    expect(pauses[1]).toBeGreaterThan(20_000);
    expect(pauses[1]).toBeLessThan(31_000);
  });

  test.each(['0', '-5', '1.5', 'Thu, 01 Jan 1970 00:00:00 GMT', 'garbage 1'])(
    'is not removed by Retry-After: %s',
    async (value) => {
      vi.spyOn(Math, 'random').mockReturnValue(1);
      const fault = { status: 503, headers: { 'Retry-After': value } };
      server.faults.push(fault, fault);
      await tasks.listTasks();
      expect(pauses).toEqual([250, 500]);
    },
  );

  test('is never longer than a minute: the call fails instead', async () => {
    server.faults.push({ status: 503, headers: { 'Retry-After': '3600' } });
    await expect(tasks.listTasks()).rejects.toMatchObject({ status: 503, retryAfter: 3600 });
    expect(server.requests).toHaveLength(1);
  });
});

describe('an abort', () => {
  test('before, during and between attempts rejects the call with its reason', async () => {
    const reason = new Error('the page is closed');
    await expect(tasks.listTasks({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);

    const during = new AbortController();
    server.faults.push('hang');
    const hanging = tasks.listTasks({ signal: during.signal });
    await vi.waitUntil(() => server.requests.length === 1);
    during.abort(reason);
    await expect(hanging).rejects.toBe(reason);

    const between = new AbortController();
    held = true;
    server.faults.push({ status: 503 });
    const waiting = tasks.listTasks({ signal: between.signal }).catch((error: unknown) => error);
    await vi.waitUntil(() => pauses.length === 1);
    between.abort(reason);
    // After all callbacks of promises, and without the end of the pause.
    const pending = new Promise((resolve) => setImmediate(resolve, 'still waiting'));
    expect(await Promise.race([waiting, pending])).toBe(reason);
    expect(server.requests).toHaveLength(2);
  });
});
