import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { createTasksClient, type TasksClient, type TasksError } from '@tasks-api/client';
import { tasksQueries, type TasksQueries } from '@tasks-api/client/react-query';
import { beforeAll, expect, expectTypeOf, test } from 'vitest';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let tasks: TasksClient;
let options: TasksQueries;
const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });

beforeAll(async () => {
  const token = await tokenOf('alice');
  tasks = createTasksClient({ baseUrl: service.url, token: () => token });
  options = tasksQueries(tasks);
});

test('mutations and queries use the client', async () => {
  const mutation = queries.getMutationCache().build(queries, options.createTaskMutation());
  const task = await mutation.execute({ body: { title: 'Buy milk' } });
  const query = options.getTaskOptions({ path: { id: task.id } });
  expect(await queries.query(query)).toEqual(task);
  expect(queries.getQueryData(query.queryKey)?.title).toBe('Buy milk');
});

test('lists are cached by their parameters, and infinite queries fetch page by page', async () => {
  for (const title of ['one', 'two', 'three']) await tasks.createTask({ body: { title } });
  const query = { limit: 2 };
  const page = await queries.query(options.listTasksOptions({ query }));
  expect(page.items).toHaveLength(2);
  expect(queries.getQueryData(options.listTasksQueryKey({ query }))).toEqual(page);
  const infinite = options.listTasksInfiniteOptions({ query });
  const { pages } = await queries.infiniteQuery({ ...infinite, pages: 9 });
  const titles = pages.flatMap(({ items }) => items.map(({ title }) => title));
  expect(titles).toEqual(['three', 'two', 'one', 'Buy milk']);
});

test('errors are TasksErrors, also in the types', async () => {
  const query = options.getTaskOptions({ path: { id: '019aa3c5-6d0e-7c3b-8f3a-000000000000' } });
  await expect(queries.query(query)).rejects.toMatchObject({
    name: 'TasksError',
    code: 'not-found',
  });
  const observer = new QueryObserver(queries, query);
  const { error } = observer.getCurrentResult();
  expectTypeOf(error).toEqualTypeOf<TasksError | null>();
  const { onError } = options.createTaskMutation();
  expectTypeOf(onError).parameter(0).toEqualTypeOf<TasksError>();
});
