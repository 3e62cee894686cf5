import { beforeAll, describe, expect, test } from 'vitest';
import { createTasksClient, type TasksClient, type UserExport } from '@tasks-api/client';
import { seedExample, EXAMPLE_TASK as id, EXAMPLE_USER as user_id } from '../support/example.ts';
import { startMock } from '../support/mock.ts';
import { useService } from '../support/service.ts';
import { useServer } from '../support/use-server.ts';

interface Server {
  readonly url: string;
  readonly token: string;
  stop(): Promise<void>;
}

const service = useService();

async function startSeededService(): Promise<Server> {
  return { url: service.url, token: await seedExample(service), stop: () => Promise.resolve() };
}
async function startMockServer(): Promise<Server> {
  return { ...(await startMock()), token: 'any' };
}

const task = {
  id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
  user_id,
  title: expect.any(String) as string,
  created_at: expect.stringMatching(/Z$/) as string,
  updated_at: expect.stringMatching(/Z$/) as string,
  etag: expect.stringMatching(/^"\d+"$/) as string,
};
const { etag: _, ...listedTask } = task;

describe.each([
  ['the service', startSeededService],
  ['the mock server', startMockServer],
])('every operation, with %s', (_name, start) => {
  const server = useServer(start);
  let tasks: TasksClient;

  beforeAll(() => {
    tasks = createTasksClient({ baseUrl: server.url, token: () => server.token, retries: 0 });
  });

  test('listTasks', async () => {
    const page = await tasks.listTasks({ query: { status: 'all', sort: 'title', limit: 5 } });
    expect(page.items[0]).toMatchObject(listedTask);
    expect(page).toHaveProperty('next_cursor');
    expect((await tasks.listTasks()).items).not.toHaveLength(0);
  });

  test('allTasks and allUserTasks', async () => {
    const all = await Array.fromAsync(tasks.allTasks());
    expect(all[0]).toMatchObject(listedTask);
    expect(await Array.fromAsync(tasks.allUserTasks({ path: { user_id } }))).toEqual(all);
  });

  test('createTask', async () => {
    const body = { title: 'Call Zoë 📞', description: 'About the holidays.', completed: false };
    expect(await tasks.createTask({ body })).toMatchObject(task);
  });

  test('getTask', async () => {
    expect(await tasks.getTask({ path: { id } })).toMatchObject({ ...task, id });
  });

  test('updateTask', async () => {
    const body = { title: 'Buy oat milk', description: null, completed: true };
    expect(await tasks.updateTask({ path: { id }, body })).toMatchObject({ ...task, id });
  });

  test('patchTask', async () => {
    const body = { title: 'Buy oat milk' };
    expect(await tasks.patchTask({ path: { id }, body })).toMatchObject({ ...task, id });
  });

  test('completeTask', async () => {
    expect(await tasks.completeTask({ path: { id } })).toMatchObject({ ...task, id });
    const body = { completed: true };
    expect(await tasks.completeTask({ path: { id }, body })).toMatchObject({ ...task, id });
  });

  test('listUserTasks', async () => {
    const page = await tasks.listUserTasks({ path: { user_id } });
    expect(page.items[0]).toMatchObject(listedTask);
  });

  test('createUserTask', async () => {
    const body = { title: 'Buy milk' };
    expect(await tasks.createUserTask({ path: { user_id }, body })).toMatchObject(task);
  });

  test('getUserTask', async () => {
    expect(await tasks.getUserTask({ path: { user_id, id } })).toMatchObject({ ...task, id });
  });

  test('updateUserTask', async () => {
    const body = { title: 'Buy oat milk' };
    expect(await tasks.updateUserTask({ path: { user_id, id }, body })).toMatchObject(task);
  });

  test('patchUserTask', async () => {
    const body = { description: null };
    expect(await tasks.patchUserTask({ path: { user_id, id }, body })).toMatchObject(task);
  });

  test('completeUserTask', async () => {
    const body = { completed: false };
    expect(await tasks.completeUserTask({ path: { user_id, id }, body })).toMatchObject(task);
  });

  test('getCurrentUser', async () => {
    const { id, ...others } = await tasks.getCurrentUser();
    expect(id).toBe(user_id);
    expect(others).toEqual({
      email: expect.any(String) as string,
      name: expect.any(String) as string,
    });
  });

  test('countTasks', async () => {
    const { pending, completed, ...others } = await tasks.countTasks();
    expect(pending + completed).toBeGreaterThan(0);
    expect(others).toEqual({});
  });

  test('exportCurrentUser and exportPages', async () => {
    const page = await tasks.exportCurrentUser();
    expect(page.user?.id).toBe(user_id);
    expect(page.tasks[0]).toMatchObject(listedTask);
    expect(page.idempotency_keys[0]).toHaveProperty('key');
    expect(page.next_cursor).toBeNull();
    expect(await Array.fromAsync(tasks.exportPages())).toEqual<UserExport[]>([page]);
  });

  test('getLiveness and getReadiness, without a token', async () => {
    const stranger = createTasksClient({
      baseUrl: server.url,
      token: () => Promise.reject(new Error('a token was requested')),
    });
    expect(await stranger.getLiveness()).toEqual({ status: 'ok' });
    expect(await stranger.getReadiness()).toEqual({ status: 'ok' });
  });

  test('a call without a token is rejected', async () => {
    const stranger = createTasksClient({ baseUrl: server.url, token: () => '' });
    await expect(stranger.listTasks()).rejects.toMatchObject({
      code: 'not-authenticated',
      status: 401,
    });
  });

  test('an invalid body and an invalid query are rejected', async () => {
    await expect(tasks.createTask({ body: { title: '' } })).rejects.toMatchObject({
      code: 'validation-error',
      status: 422,
    });
    await expect(tasks.listTasks({ query: { limit: 0 } })).rejects.toMatchObject({
      code: 'validation-error',
      status: 422,
    });
  });

  test('deleteTask', async () => {
    await expect(tasks.deleteTask({ path: { id } })).resolves.toBeUndefined();
  });

  test('deleteUserTask', async () => {
    const { id } = await tasks.createTask({ body: { title: 'To be deleted' } });
    await expect(tasks.deleteUserTask({ path: { user_id, id } })).resolves.toBeUndefined();
  });

  test('deleteCurrentUser, repeatedly', async () => {
    await expect(tasks.deleteCurrentUser()).resolves.toBeUndefined();
    await expect(tasks.deleteCurrentUser()).resolves.toBeUndefined();
  });

  test('revokeTokens', async () => {
    await expect(tasks.revokeTokens()).resolves.toBeUndefined();
  });
});
