import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { List } from '../../src/tasks/list-query.ts';
import type { Client, Problem, Task } from '../support/client.ts';
import { useService } from '../support/service.ts';
import {
  generator,
  insertTasks,
  lists,
  orders,
  query,
  someTasks,
  sorts,
  userWith,
} from '../support/tasks.ts';

const service = useService();

/** Reads all tasks of a list, page by page, and calls a function after each page. */
async function walk(
  client: Client,
  list: Partial<List>,
  limit: number,
  afterPage?: (page: readonly Task[]) => Promise<void>,
): Promise<Task[]> {
  const found: Task[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await client.list(query({ ...list, limit, ...(cursor != null && { cursor }) }));
    expect(page.status, page.text).toBe(200);
    const { items, next_cursor: next } = page.body;
    if (next !== null) expect(items).toHaveLength(limit);
    // Only an empty list has an empty page.
    if (cursor !== undefined && !afterPage) expect(items).not.toHaveLength(0);
    found.push(...items);
    await afterPage?.(items);
    cursor = next;
  } while (cursor !== null);
  return found;
}

/** ICU's root collation, ignoring case, with numeric ordering, as implemented in ECMAScript. */
const collator = new Intl.Collator('und', { sensitivity: 'accent', numeric: true });
const byText = (a: string, b: string) => Number(a > b) - Number(a < b);

function compare(list: List): (a: Task, b: Task) => number {
  const direction = list.order === 'asc' ? 1 : -1;
  return (a, b) => {
    const bySort =
      list.sort === 'title'
        ? collator.compare(a.title, b.title)
        : byText(a[`${list.sort}_at`], b[`${list.sort}_at`]);
    return direction * (bySort || byText(a.id, b.id));
  };
}

const belongs = ({ status }: List, { completed }: Task) =>
  status === 'all' || completed === (status === 'completed');

describe('every list', () => {
  let client: Client;
  let all: Task[];

  beforeAll(async () => {
    ({ client } = await userWith(service, someTasks(60, generator(1))));
    all = (await client.list('?limit=100')).body.items;
    expect(all).toHaveLength(60);
  });

  test.each(lists)('by $sort $order, $status', async (list) => {
    const expected = all.filter((task) => belongs(list, task)).toSorted(compare(list));
    for (const limit of [1, 7, 100]) expect(await walk(client, list, limit)).toEqual(expected);
  });

  test('has default parameters', async () => {
    const first = async (parameters: string) => (await client.list(parameters)).body.items;
    expect(await first('')).toHaveLength(20);
    expect(await first('')).toEqual(await first('?status=all&sort=created&order=desc&limit=20'));
    expect(await first('?sort=updated')).toEqual(await first('?sort=updated&order=desc'));
    expect(await first('?sort=title')).toEqual(await first('?sort=title&order=asc'));
  });
});

describe('the size of a page', () => {
  test.each([
    [0, 20],
    [1, 1],
    [19, 20],
    [20, 20],
    [21, 20],
    [40, 20],
    [99, 100],
    [100, 100],
    [101, 100],
  ])('%i tasks on pages of %i', async (count, limit) => {
    const { client } = await userWith(service, someTasks(count, generator(count)));
    const page = await client.list(query({ limit }));
    expect(page.body.items).toHaveLength(Math.min(count, limit));
    expect(page.body.next_cursor === null).toBe(count <= limit);
    expect(await walk(client, {}, limit)).toHaveLength(count);
  });

  test.each(['0', '-1', '101', '1000000000000', 'ten', ''])(
    'a limit of "%s" is rejected',
    async (limit) => {
      const { client } = await userWith(service, []);
      const refused = await client.get<Problem>(`/api/tasks?limit=${limit}`);
      expect(refused.status).toBe(422);
      expect(refused.body.errors).toMatchObject([{ in: 'query', name: 'limit' }]);
    },
  );

  test.each([
    'status=done',
    'sort=id',
    'sort=CREATED',
    'order=up',
    'page=2',
    'sort=title&sort=created',
    'limit=1&limit=2',
  ])('%s is rejected', async (parameters) => {
    const { client } = await userWith(service, []);
    const refused = await client.get<Problem>(`/api/tasks?${parameters}`);
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toMatchObject([
      { in: 'query', name: /^\w+/.exec(parameters)?.[0] },
    ]);
  });
});

test.each([['/api/tasks'], ['/api/{user}/tasks']])(
  'Link leads to all pages of %s',
  async (family) => {
    const { user, client } = await userWith(service, someTasks(10, generator(7)));
    const base = family.replace('{user}', user);
    for (const list of lists) {
      let path: string | undefined = `${base}${query({ ...list, limit: 3 })}`;
      while (path) {
        const page = await client.list('', path);
        const link = page.headers.get('link');
        const next = page.body.next_cursor;
        path = /^<([^>]+)>; rel="next"$/.exec(link ?? '')?.[1];
        expect(path === undefined).toBe(next === null);
        if (path === undefined || next === null) continue;
        expect(path.startsWith(`${base}?`)).toBe(true);
        const byCursor = await client.list(query({ ...list, limit: 3, cursor: next }));
        expect((await client.list('', path)).text).toBe(byCursor.text);
      }
    }
    const defaults = await userWith(service, someTasks(21, generator(8)));
    const link = (await defaults.client.list()).headers.get('link') ?? '';
    const second = await defaults.client.list('', /<(.+)>/.exec(link)?.[1]);
    expect(second.body.items).toHaveLength(1);
    expect(second.headers.get('link')).toBeNull();
  },
);

describe('while tasks are created and deleted between the pages', () => {
  const cases = sorts.flatMap((sort) =>
    orders.flatMap((order) => [1, 2, 3].map((seed) => ({ sort, order, seed }))),
  );

  test.each(cases)(
    'by $sort $order there is no gap and no repeat ($seed)',
    async ({ sort, order, seed }) => {
      const list: List = { sort, order, status: 'all' };
      const random = generator(seed);
      const { user, client } = await userWith(service, someTasks(40, random));
      const staying = new Map(
        (await client.list('?limit=100')).body.items.map((task) => [task.id, task]),
      );
      const found = await walk(client, list, 4, async (page) => {
        await insertTasks(service, user, someTasks(Math.floor(random() * 4), random));
        const last = page.at(-1);
        // Sometimes this deletes the task to which the cursor refers.
        const others = [...staying.keys()].filter(() => random() < 0.04);
        for (const id of new Set(last && random() < 0.5 ? [last.id, ...others] : others)) {
          expect((await client.delete(`/api/tasks/${id}`)).status).toBeOneOf([204, 404]);
          staying.delete(id);
        }
      });
      const ids = found.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).toEqual(expect.arrayContaining([...staying.keys()]));
      expect(found).toEqual(found.toSorted(compare(list)));
    },
  );
});

test('tasks of the same time are ordered by their id', async () => {
  const { client } = await userWith(
    service,
    Array.from({ length: 30 }, () => ({ id: randomUUID() })),
  );
  for (const sort of ['created', 'updated'] as const) {
    const ids = (await walk(client, { sort, order: 'asc' }, 4)).map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted());
    const reversed = (await walk(client, { sort, order: 'desc' }, 4)).map(({ id }) => id);
    expect(reversed).toEqual(ids.toReversed());
  }
});

test('titles are in the order of the root collation, with numbers by value and ignoring case; equal ones by id', async () => {
  const groups = [
    ['_under'],
    ['!bang'],
    ['1st', '01ST'],
    ['2nd'],
    ['2nd 9.10'],
    ['2nd 10.9'],
    ['10th'],
    ['10th 99999999999999999999'],
    ['10th 100000000000000000000'],
    ['äpfel', 'Äpfel'],
    ['apple', 'Apple', 'APPLE'],
    ['eclair', 'Eclair', 'ECLAIR'],
    ['éclair', 'Éclair', 'e\u0301clair', 'E\u0301clair'],
    ['eclairs'],
    ['strasse', 'STRASSE'],
    ['straße'],
    ['Task 2', 'task 2', 'Task 02'],
    ['Task 2b'],
    ['Task ٣'],
    ['Task 10'],
    ['zebra', 'Zebra'],
    ['ωμέγα', 'Ωμέγα'],
    ['жук', 'Жук'],
    ['שלום'],
    ['日本'],
  ];
  const titles = groups.flat().toReversed();
  const { client } = await userWith(
    service,
    titles.map((title) => ({ title, id: randomUUID() })),
  );
  const found = await walk(client, { sort: 'title' }, 5);

  let rest = found;
  for (const group of groups) {
    const tied = rest.slice(0, group.length);
    expect(tied.map(({ title }) => title).toSorted()).toEqual(group.toSorted());
    expect(tied.map(({ id }) => id)).toEqual(tied.map(({ id }) => id).toSorted());
    rest = rest.slice(group.length);
  }
  expect(await walk(client, { sort: 'title', order: 'desc' }, 5)).toEqual(found.toReversed());
});
