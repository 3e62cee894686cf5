import { InfiniteQueryObserver } from '@tanstack/react-query';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { setCompleted } from '../../../../frontend/app/lib/tasks/completing.ts';
import { DEFAULT_VIEW } from '../../../../frontend/app/lib/tasks/view.ts';
import { type Fault, useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let tab: Tab;

/** The fault of a service that fails, which nobody repeats. */
const BROKEN: Fault = { status: 500 };

beforeEach(async () => {
  tab = openTab(server.url, `user-${++users}`);
  for (const title of ['one', 'two', 'three']) {
    await tab.model.client.createTask({ body: { title } });
  }
  server.requests.length = 0;
});

/** Waits until nothing is under way. */
const settled = () =>
  vi.waitFor(() => {
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });
const changed = () => server.requests.map(({ line }) => line).filter((it) => !it.startsWith('GET'));

describe('a completion', () => {
  test('is seen at once in all lists and counts, and is read again', async () => {
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
    // It stays where it was, so that nothing jumps before it is certain.
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
    expect(tab.model.changes.get()).toEqual([]);
  });

  test('that fails is taken back everywhere, with words and another try', async () => {
    const [all, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    server.faults.push(BROKEN);
    expect(await setCompleted(tab.model, taskOf(all(), 'two'), true)).toBe(false);
    expect(taskOf(all(), 'two').completed).toBe(false);
    expect(counts()).toEqual([3, 0]);
    const [notice] = tab.notices;
    expect(notice).toMatchObject({
      title: '“two” could not be completed',
      detail: expect.stringMatching(/\. It is as it was\.$/) as string,
      tone: 'error',
    });
    await settled();
    notice?.action?.run();
    expect(taskOf(all(), 'two').completed).toBe(true);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(true);
  });

  test('that is taken back keeps the others that are under way', async () => {
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
    // Nothing is read before the last one is done.
    expect(tab.queryClient.isFetching()).toBe(0);
    release();
    expect(await stuck).toBe(true);
    await settled();
    expect(counts()).toEqual([1, 2]);
  });

  test('and its contrary go one after the other, and a failed first one leaves the second right', async () => {
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

  test('survives a list that was read before it and comes after it', async () => {
    const all = await tab.show();
    const task = taskOf(all(), 'two');
    // Another task is changed elsewhere; this tab reads that while it completes its own.
    const reading = tab.model.readings.again();
    await setCompleted(tab.model, task, true);
    await reading;
    expect(taskOf(all(), 'two').completed).toBe(true);
    await settled();
    expect(taskOf(all(), 'two').completed).toBe(true);
  });
});

describe('pages', () => {
  test('go on by cursors without repeating a task that moved, and changes reach all of them', async () => {
    for (let number = 0; number < 57; number++) {
      await tab.model.client.createTask({ body: { title: `task ${number}` } });
    }
    const all = await tab.show({ sort: 'updated' });
    expect(all()).toHaveLength(50);
    // What was on the second page moves to the first one, which this tab has read already.
    const elsewhere = openTab(server.url, tab.model.userId);
    const rest = await elsewhere.show({ sort: 'updated', order: 'asc' });
    await setCompleted(elsewhere.model, taskOf(rest(), 'one'), true);
    const list = tab.model.readings.list({ status: 'all', sort: 'updated', order: 'desc' });
    await tab.model.readings.again();
    expect(titlesOf(all())[0]).toBe('one');
    await tab.queryClient.infiniteQuery({ ...list, pages: 2, staleTime: 0 });
    expect(new Set(titlesOf(all())).size).toBe(60);
    expect(all()).toHaveLength(60);
    const last = titlesOf(all()).at(-1) ?? '';
    const completing = setCompleted(tab.model, taskOf(all(), last), true);
    expect(taskOf(all(), last).completed).toBe(true);
    await completing;
    await settled();
    expect(titlesOf(all())[0]).toBe(last);
    expect(all()).toHaveLength(60);
  });

  test('that somebody waits for are not lost when everything is read again meanwhile', async () => {
    const { model, queryClient } = tab;
    for (let number = 0; number < 48; number++) {
      await model.client.createTask({ body: { title: `task ${number}` } });
    }
    const releaseCounts = tab.hold('/task-counts');
    const counting = tab.showCounts();
    await tab.show();
    server.requests.length = 0;
    const asked = [model.readings.again(), model.readings.again()];

    const releasePage = tab.hold('cursor=');
    const list = new InfiniteQueryObserver(queryClient, model.readings.list(DEFAULT_VIEW));
    const paging = list.fetchNextPage();
    releaseCounts();
    await counting;
    releasePage();
    const { data } = await paging;
    expect(data?.pages.map(({ items }) => items.length)).toEqual([50, 1]);

    await Promise.all(asked);
    const lists = server.requests.filter(({ line }) => line.includes('?status='));
    // The next page, and both of them again; once, for both who asked.
    expect(lists).toHaveLength(3);
  });
});
