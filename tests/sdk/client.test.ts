import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createTasksClient, type TasksClient } from '@tasks-api/client';
import { useService } from '../support/service.ts';
import { insertTasks, someTasks, generator } from '../support/tasks.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let tasks: TasksClient;

beforeAll(async () => {
  const token = await tokenOf('alice');
  tasks = createTasksClient({ baseUrl: service.url, token: () => token });
  await tasks.createTask({ body: { title: 'The first' } });
  await insertTasks(service, 'alice', someTasks(249, generator(1)));
});

describe('allTasks', () => {
  test('yields each task of every page once', async () => {
    const all = await Array.fromAsync(tasks.allTasks());
    expect(new Set(all.map(({ id }) => id)).size).toBe(250);
    const path = { user_id: 'alice' };
    expect(await Array.fromAsync(tasks.allUserTasks({ path }))).toEqual(all);
  });

  test('uses the given filter, sort and page size', async () => {
    const fetch = vi.fn(globalThis.fetch);
    const token = await tokenOf('alice');
    const client = createTasksClient({ baseUrl: service.url, token: () => token, fetch });
    const query = { status: 'completed', sort: 'created', order: 'asc', limit: 50 } as const;
    const completed = await Array.fromAsync(client.allTasks({ query }));
    const times = completed.map(({ created_at }) => created_at);
    expect(completed.every((task) => task.completed)).toBe(true);
    expect(times).toEqual(times.toSorted());
    expect(fetch).toHaveBeenCalledTimes(Math.ceil(completed.length / 50));
  });

  test('fetches pages when they are needed', async () => {
    const fetch = vi.fn(globalThis.fetch);
    const token = await tokenOf('alice');
    const client = createTasksClient({ baseUrl: service.url, token: () => token, fetch });
    for await (const task of client.allTasks()) {
      expect(task.user_id).toBe('alice');
      break;
    }
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

test('allTasks ignores a cursor in the query', async () => {
  const query = { status: 'all', cursor: undefined, limit: undefined } as const;
  const all = await Array.fromAsync(tasks.allTasks({ query }));
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  const stale = { ...query, cursor: (await tasks.listTasks()).next_cursor ?? '' };
  expect(await Array.fromAsync(tasks.allTasks({ query: stale }))).toEqual(all);
});

test('exportPages iterates over all pages of the export', async () => {
  const token = await tokenOf('an exporter');
  const client = createTasksClient({ baseUrl: service.url, token: () => token });
  for (const title of ['one', 'two', 'three']) await client.createTask({ body: { title } });
  const query = { limit: 2, cursor: 'that of before' };
  const pages = await Array.fromAsync(client.exportPages({ query }));
  expect(pages.map((page) => page.tasks.length)).toEqual([2, 1]);
  expect(pages.map((page) => page.idempotency_keys.length)).toEqual([2, 1]);
  expect(pages.flatMap((page) => page.tasks.map(({ title }) => title))).toEqual([
    'one',
    'two',
    'three',
  ]);
  await client.deleteCurrentUser();
  expect(await Array.fromAsync(client.exportPages())).toEqual([
    { user: null, tasks: [], idempotency_keys: [], next_cursor: null },
  ]);
});

describe('the fetch option', () => {
  const page = { items: [], next_cursor: null };

  test('is called with a URL and plain options', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(Response.json(page)));
    const baseUrl = 'http://localhost/prefix//';
    const client = createTasksClient({ baseUrl, token: () => ' a-token\n', fetch });
    await client.listTasks({ query: { status: 'pending' } });
    expect(fetch).toHaveBeenCalledExactlyOnceWith(
      'http://localhost/prefix/api/tasks?status=pending',
      expect.objectContaining({
        method: 'GET',
        headers: { authorization: 'Bearer a-token' },
        redirect: 'manual',
      }),
    );
  });

  test('gets no header that is not in the contract', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(Response.json(page)));
    const client = createTasksClient({ baseUrl: 'http://localhost', token: () => '', fetch });
    const { signal } = new AbortController();
    const context = { queryKey: ['tasks'], client: {}, ifMatch: undefined, signal };
    await client.listTasks(context);
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ headers: {} });
  });

  test('gets a signal that is aborted when the call times out or is aborted', async () => {
    const fetch = vi.fn<typeof globalThis.fetch>(() => new Promise(() => undefined));
    const options = { baseUrl: 'http://localhost', token: () => '', fetch, retries: 0 };
    const client = createTasksClient(options);
    await expect(client.listTasks({ timeout: 1 })).rejects.toMatchObject({ code: 'timeout' });
    const controller = new AbortController();
    const call = client.listTasks({ signal: controller.signal });
    await expect.poll(() => fetch.mock.calls.length).toBe(2);
    controller.abort();
    await expect(call).rejects.toThrow();
    expect(fetch.mock.calls.map(([, init]) => init?.signal?.aborted)).toEqual([true, true]);
  });
});

test.each(['.', '..', ''])('the path parameter %j is rejected', async (value) => {
  const fetch = vi.fn();
  const client = createTasksClient({ baseUrl: service.url, token: () => '', fetch });
  const { id } = await tasks.createTask({ body: { title: 'a' } });
  const path = { user_id: value, id };
  await expect(client.deleteUserTask({ path })).rejects.toThrow('path.user_id cannot be');
  expect(fetch).not.toHaveBeenCalled();
});

test('iterating ends at a page that repeats its own cursor', async () => {
  const page = { items: [{ title: 'again' }], next_cursor: 'same' };
  const fetch = vi.fn<typeof globalThis.fetch>().mockRejectedValue(new Error('one page too many'));
  for (let pages = 0; pages < 2; pages++) fetch.mockResolvedValueOnce(Response.json(page));
  const options = { baseUrl: 'http://localhost', token: () => '', fetch, retries: 0 };
  const client = createTasksClient(options);
  expect(await Array.fromAsync(client.allTasks())).toHaveLength(2);
});

describe('ETags', () => {
  test('getTask returns undefined for an unchanged task', async () => {
    const { id, etag } = await tasks.createTask({ body: { title: 'a' } });
    expect(await tasks.getTask({ path: { id }, ifNoneMatch: etag })).toBeUndefined();
    await tasks.completeTask({ path: { id } });
    const changed = await tasks.getTask({ path: { id }, ifNoneMatch: etag });
    expect(changed).toMatchObject({ completed: true, etag: '"2"' });
  });

  test('with a stale ETag, a task is neither changed nor deleted', async () => {
    const path = { id: (await tasks.createTask({ body: { title: 'a' } })).id };
    const { etag } = await tasks.getTask({ path });
    await tasks.patchTask({ path, body: { title: 'b' }, ifMatch: etag });
    const stale = { path, ifMatch: etag };
    const body = { title: 'c' };
    for (const call of [
      () => tasks.updateTask({ ...stale, body }),
      () => tasks.patchTask({ ...stale, body }),
      () => tasks.completeTask(stale),
      () => tasks.deleteTask(stale),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'precondition-failed', status: 412 });
    }
    expect(await tasks.getTask({ path })).toMatchObject({ title: 'b' });
  });
});

describe.each(['W/"1"', '"1-gzip"', '"1--gzip"', '"1;gzip"', 'W/"1-br"'])(
  'behind a proxy that changes the ETag to %s',
  (changed) => {
    /** Changes the ETags of version 1. */
    async function fetch(...request: Parameters<typeof globalThis.fetch>) {
      const response = await globalThis.fetch(...request);
      const headers = new Headers(response.headers);
      if (headers.get('ETag') === '"1"') headers.set('ETag', changed);
      return new Response(await response.text(), { status: response.status, headers });
    }

    test('a task has the ETag of the service, and can be changed with it', async () => {
      const token = await tokenOf('alice');
      const client = createTasksClient({ baseUrl: service.url, token: () => token, fetch });
      const { id, etag } = await client.createTask({ body: { title: 'a' } });
      expect(etag).toBe('"1"');
      const path = { id };
      const options = { path, body: { title: 'b' }, ifMatch: etag };
      expect(await client.patchTask(options)).toMatchObject({ title: 'b', etag: '"2"' });
    });
  },
);

describe('a task that was read can be sent back', () => {
  test('with changes, to updateTask and patchTask', async () => {
    const path = { id: (await tasks.createTask({ body: { title: 'a', description: 'b' } })).id };
    const task = await tasks.getTask({ path });
    const updated = await tasks.updateTask({ path, body: { ...task, title: 'c' } });
    expect(updated).toMatchObject({ id: task.id, title: 'c', description: 'b', etag: '"2"' });
    const patched = await tasks.patchTask({ path, body: { ...updated, completed: true } });
    expect(patched).toMatchObject({ id: task.id, title: 'c', completed: true, etag: '"3"' });
  });

  test.each(['completeTask', 'completeUserTask'] as const)('to %s', async (method) => {
    const task = await tasks.createTask({ body: { title: 'a', description: 'b' } });
    const changed = { ...task, title: 'c', completed: true };
    const path = { id: task.id, user_id: task.user_id };
    const completed = await tasks[method]({ path, body: changed });
    expect(completed).toMatchObject({ title: 'a', description: 'b', completed: true });
  });

  test('to createTask, as a copy', async () => {
    const task = await tasks.createTask({ body: { title: 'a', completed: true } });
    const copy = await tasks.createTask({ body: task });
    expect(copy).toMatchObject({ title: 'a', completed: true });
    expect(copy.id).not.toBe(task.id);
  });

  test('but no unknown field', async () => {
    const body = { title: 'a', colour: 'red' };
    await expect(tasks.createTask({ body })).rejects.toMatchObject({
      errors: [{ name: 'colour' }],
    });
  });
});

describe('createTask', () => {
  test('generates an idempotency key for every call', async () => {
    const body = { title: 'twice' };
    const [one, two] = [await tasks.createTask({ body }), await tasks.createTask({ body })];
    expect(one.id).not.toBe(two.id);
  });

  test('uses the given idempotency key', async () => {
    const options = { body: { title: 'once' }, idempotencyKey: 'mine' };
    expect(await tasks.createTask(options)).toEqual(await tasks.createTask(options));
  });
});

test.each(['a/b', 'ü ☃', '$&', "..'", '%41'])('the user id %j is encoded', async (user_id) => {
  const token = await tokenOf(user_id);
  const client = createTasksClient({ baseUrl: `${service.url}/`, token: () => token });
  const path = { user_id };
  const { id } = await client.createUserTask({ path, body: { title: 'mine' } });
  expect(await client.getUserTask({ path: { user_id, id } })).toMatchObject({ user_id });
});
