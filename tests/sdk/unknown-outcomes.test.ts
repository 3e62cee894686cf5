import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createTasksClient, type TasksClient } from '@tasks-api/client';
import { useFaultyClient } from '../support/faulty-client.ts';
import type { Fault } from '../support/faulty-server.ts';
import { expiredTokenOf } from '../support/tokens.ts';

const { server, tasks, straight, timers, titles, user } = useFaultyClient();
const milk = { title: 'Buy milk' };
const overload: Fault = { status: 503, headers: { 'Retry-After': '0' } };

describe('the outcome of a failed call', () => {
  const ambiguous: Fault[] = ['lose the response', 'cut the response', overload, { status: 500 }];
  let path: { id: string };
  let etag: string;
  let impatient: TasksClient;

  beforeEach(async () => {
    const task = await straight.createTask({ body: milk });
    [path, etag] = [{ id: task.id }, task.etag];
    impatient = createTasksClient({ baseUrl: server.url, token: () => user.token, retries: 0 });
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
      .mockResolvedValueOnce(await expiredTokenOf(user.id))
      .mockImplementation(() => {
        timers.expire();
        return new Promise(() => undefined);
      });
    const client = createTasksClient({ baseUrl: server.url, token });
    server.faults.push('lose the response');
    await expect(client.deleteTask({ path })).rejects.toMatchObject({
      code: 'timeout',
      outcomeUnknown: true,
    });
  });
});
