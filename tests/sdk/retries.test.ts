import { randomUUID } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { createTasksClient } from '@tasks-api/client';
import { useFaultyClient } from '../support/faulty-client.ts';
import type { Fault } from '../support/faulty-server.ts';

const { server, tasks, straight, titles, user } = useFaultyClient();
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

  test('a generated idempotency key has 32 hexadecimal digits, whatever the random bytes are', async () => {
    vi.spyOn(crypto, 'getRandomValues').mockImplementationOnce((bytes) => bytes);
    await tasks.createTask({ body: milk });
    expect(server.requests[0]?.headers['idempotency-key']).toBe('0'.repeat(32));
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
    // One call can meet more faults than others, depending on which requests arrive first.
    const patient = createTasksClient({
      baseUrl: server.url,
      token: () => user.token,
      retries: 20,
    });
    await Promise.all(wanted.map((title) => patient.createTask({ body: { title } })));
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
