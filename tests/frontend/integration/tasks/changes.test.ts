import { beforeEach, describe, expect, test } from 'vitest';
import { setCompleted } from '../../../../frontend/app/lib/tasks/use-changes.ts';
import { type Fault, useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let tab: Tab;

/** An error of the service that is not retried. */
const BROKEN: Fault = { status: 500 };

beforeEach(async () => {
  tab = openTab(server.url, `user-${++users}`);
  for (const title of ['one', 'two', 'three']) {
    await tab.model.client.createTask({ body: { title } });
  }
  server.requests.length = 0;
});

/** Waits until no request is pending. */
const settled = () =>
  eventually(() => {
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });
const changed = () => server.requests.map(({ line }) => line).filter((it) => !it.startsWith('GET'));

describe('a completion', () => {
  test('is visible at once in all lists and counts, and refetched afterwards', async () => {
    const [all, pending, counts] = await Promise.all([
      tab.show(),
      tab.show({ status: 'pending' }),
      tab.showCounts(),
    ]);
    const done = await tab.show({ status: 'completed' });
    const task = taskOf(all(), 'two');
    const completing = setCompleted(tab.model, task, true);
    expect(taskOf(all(), 'two').completed).toBe(true);
    expect(counts()).toEqual([2, 1]);
    // It stays in the list until the change is confirmed.
    expect(pending()).toContainEqual(
      expect.objectContaining({ task: { ...task, completed: true }, changing: true }),
    );
    expect(await completing).toBe(true);
    expect(titlesOf(pending())).toEqual(['three', 'one']);
    expect(counts()).toEqual([2, 1]);
    await settled();
    expect(titlesOf(done())).toEqual(['two']);
    expect(titlesOf(pending())).toEqual(['three', 'one']);
    expect(titlesOf(all())).toEqual(['three', 'two', 'one']);
    expect(counts()).toEqual([2, 1]);
    // The counts are already known; they are refetched only together with the lists.
    await tab.model.queries.refetch();
    expect(counts()).toEqual([2, 1]);
    expect(tab.model.changes.get()).toEqual([]);
  });

  test('that fails is rolled back everywhere, with a message and a button to retry', async () => {
    const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    server.faults.push(BROKEN);
    expect(await setCompleted(tab.model, taskOf(all(), 'two'), true)).toBe(false);
    expect(taskOf(all(), 'two').completed).toBe(false);
    expect(counts()).toEqual([3, 0]);
    const [notice] = tab.notices;
    expect(notice).toMatchObject({
      title: '“two” could not be completed',
      detail: expect.stringMatching(/\. The change was undone\.$/) as string,
      tone: 'error',
    });
    await settled();
    notice?.action?.run();
    expect(taskOf(all(), 'two').completed).toBe(true);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(true);
  });

  test('that the service has made although it reports an error is shown after the refetch, also in the counts', async () => {
    const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    server.faults.push({ status: 500, done: true });
    expect(await setCompleted(tab.model, taskOf(all(), 'two'), true)).toBe(false);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(true);
    expect(counts()).toEqual([2, 1]);
  });

  test('that is rolled back does not affect other pending changes', async () => {
    const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    const release = tab.hold(taskOf(all(), 'one').id);
    const stuck = setCompleted(tab.model, taskOf(all(), 'one'), true);
    server.faults.push({ status: 504, headers: { 'Retry-After': '3600' } });
    expect(await setCompleted(tab.model, taskOf(all(), 'two'), true)).toBe(false);
    expect(tab.model.connection.get()).toBe('unreachable');
    expect(await setCompleted(tab.model, taskOf(all(), 'three'), true)).toBe(true);
    expect(tab.model.connection.get()).toBe('online');
    expect(all().map((row) => row.kind === 'task' && row.task.completed)).toEqual([
      true,
      false,
      true,
    ]);
    expect(counts()).toEqual([1, 2]);
    // Nothing is refetched before the last change is finished.
    expect(tab.queryClient.isFetching()).toBe(0);
    release();
    expect(await stuck).toBe(true);
    await settled();
    expect(counts()).toEqual([1, 2]);
  });

  test('and a reopening of the same task are sent one after the other, also if the first one fails', async () => {
    const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    const before = taskOf(all(), 'two');
    server.faults.push(BROKEN);
    const first = setCompleted(tab.model, before, true);
    const second = setCompleted(tab.model, taskOf(all(), 'two'), false);
    const mutations = tab.queryClient.getMutationCache().getAll();
    expect(mutations.map(({ state }) => state.isPaused)).toEqual([false, true]);
    expect(counts()).toEqual([3, 0]);
    expect(await Promise.all([first, second])).toEqual([false, true]);
    expect(counts()).toEqual([3, 0]);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(false);
    expect(changed()).toHaveLength(2);
    expect(counts()).toEqual([3, 0]);
  });

  test('is not overwritten by a response that was requested before it', async () => {
    const all = await tab.show();
    const task = taskOf(all(), 'two');
    // A refetch is pending while the task is completed.
    const refetching = tab.model.queries.refetch();
    await setCompleted(tab.model, task, true);
    await refetching;
    expect(taskOf(all(), 'two').completed).toBe(true);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(true);
  });
});

test('a change elsewhere is shown when the connection is back', async () => {
  const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  tab.browser.setOnline(false);
  await openTab(service.url, tab.model.userId).model.client.createTask({ body: { title: 'four' } });
  tab.browser.setOnline(true);
  await eventually(() => {
    expect(titlesOf(all())).toEqual(['four', 'three', 'two', 'one']);
    expect(counts()).toEqual([4, 0]);
  });
  await settled();
});

describe('pages', () => {
  /** Adds tasks to the three existing ones, so that they no longer fit on one page. */
  const addTasks = async (count: number) => {
    const titles = Array.from({ length: count }, (_, at) => `task ${at}`);
    for (const title of titles) await tab.model.client.createTask({ body: { title } });
    server.requests.length = 0;
  };

  test('show a task once that has moved between them, and changes apply to all of them', async () => {
    await addTasks(107);
    const view = { sort: 'updated' } as const;
    const all = await tab.show(view);
    expect(all()).toHaveLength(100);
    // A task of the second page moves to the first page, which this tab has fetched already.
    const elsewhere = openTab(server.url, tab.model.userId);
    const rest = await elsewhere.show({ sort: 'updated', order: 'asc' });
    await setCompleted(elsewhere.model, taskOf(rest(), 'one'), true);
    await tab.model.queries.refetch();
    expect(titlesOf(all())[0]).toBe('one');
    await tab.showMore(view);
    expect(new Set(titlesOf(all())).size).toBe(110);
    expect(all()).toHaveLength(110);
    const last = titlesOf(all()).at(-1) ?? '';
    const completing = setCompleted(tab.model, taskOf(all(), last), true);
    expect(taskOf(all(), last).completed).toBe(true);
    await completing;
    await settled();
    expect(titlesOf(all())[0]).toBe(last);
    expect(all()).toHaveLength(110);
  });

  test('that are out of view cost no request when a task is completed, and are current when they come into view', async () => {
    await addTasks(207);
    let inView = 0;
    const all = await tab.show({}, (page) => page === inView);
    await tab.showMore();
    await tab.showMore();
    await tab.showCounts();
    expect(all()).toHaveLength(210);
    inView = 2;
    await tab.model.queries.refetch();
    await settled();
    server.requests.length = 0;
    const elsewhere = openTab(service.url, tab.model.userId);
    const theirs = await elsewhere.show({ order: 'asc' });
    await elsewhere.model.client.createTask({ body: { title: 'newest' } });
    expect(await setCompleted(tab.model, taskOf(theirs(), 'one'), true)).toBe(true);
    await settled();
    expect(server.requests.map(({ line }) => line.split(/[/?]/, 4).slice(0, 3))).toEqual([
      ['PATCH ', 'api', 'tasks'],
      ['GET ', 'api', 'tasks'],
    ]);
    expect(taskOf(all(), 'one').completed).toBe(true);
    expect(titlesOf(all())).not.toContain('newest');

    inView = 0;
    await tab.model.queries.refetch();
    await settled();
    expect(titlesOf(all())[0]).toBe('newest');
    expect(all()).toHaveLength(211);
  });

  test('that are being fetched for the first time are not cancelled by a refetch', async () => {
    await addTasks(98);
    const releaseCounts = tab.hold('/task-counts');
    const counting = tab.showCounts();
    await tab.show();
    server.requests.length = 0;
    const refetching = [tab.model.queries.refetch(), tab.model.queries.refetch()];

    const releasePage = tab.hold('cursor=');
    const paging = tab.showMore();
    releaseCounts();
    await counting;
    releasePage();
    await paging;
    await Promise.all(refetching);
    const lists = server.requests.filter(({ line }) => line.includes('?status='));
    // The next page, and one refetch of both pages for the two calls.
    expect(lists).toHaveLength(3);
  });
});
