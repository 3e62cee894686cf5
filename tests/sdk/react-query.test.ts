import { QueryClient } from '@tanstack/react-query';
import { createTasksClient, type TasksClient } from '@tasks-api/client';
import {
  createTaskMutation,
  getTaskOptions,
  listTasksInfiniteOptions,
  listTasksOptions,
  listTasksQueryKey,
} from '@tasks-api/client/react-query';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestService, type TestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

let service: TestService;
let tasks: TasksClient;
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

beforeAll(async () => {
  service = await startTestService();
  const token = await tokenOf('alice');
  tasks = createTasksClient({ baseUrl: service.url, token: () => token });
});
afterAll(() => service.stop());

test('mutations and queries share the client with its token', async () => {
  const mutation = queries.getMutationCache().build(queries, createTaskMutation());
  const task = await mutation.execute({ client: tasks.http, body: { title: 'Buy milk' } });
  const options = getTaskOptions({ client: tasks.http, path: { id: task.id } });
  expect(await queries.query(options)).toEqual(task);
  expect(queries.getQueryData(options.queryKey)).toEqual(task);
});

test('lists are kept by their parameters, and go on page by page', async () => {
  for (const title of ['one', 'two', 'three']) await tasks.createTask({ body: { title } });
  const query = { limit: 2 };
  const page = await queries.query(listTasksOptions({ client: tasks.http, query }));
  expect(page.items).toHaveLength(2);
  const key = listTasksQueryKey({ client: tasks.http, query });
  expect(queries.getQueryData(key)).toEqual(page);
  const pages = await queries.infiniteQuery({
    ...listTasksInfiniteOptions({ client: tasks.http, query }),
    initialPageParam: {},
    getNextPageParam: ({ next_cursor }) => next_cursor,
    pages: 2,
  });
  const titles = pages.pages.flatMap(({ items }) => items.map(({ title }) => title));
  expect(titles).toEqual(['three', 'two', 'one', 'Buy milk']);
});

test('errors are those of the client', async () => {
  const path = { id: '019aa3c5-6d0e-7c3b-8f3a-000000000000' };
  const query = queries.query(getTaskOptions({ client: tasks.http, path }));
  await expect(query).rejects.toMatchObject({ name: 'TasksError', code: 'not-found' });
});
