import { beforeEach, expect, test } from 'vitest';
import { addTasks } from '../../../../frontend/app/lib/tasks/adding.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { input, openTab, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let tab: Tab;

beforeEach(() => {
  tab = openTab(server.url, `user-${++users}`);
});

const titles = ['one', 'two', 'three'];
const add = (...wanted: string[]) => {
  addTasks(
    tab.model,
    wanted.map((title) => input(title)),
  );
};
const stored = async () => (await tab.model.client.listTasks()).items.map(({ title }) => title);
const settled = () =>
  eventually(() => {
    expect(tab.model.unsent.items.get()).toEqual([]);
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });

test('several tasks are added in their order, and the notice undoes and redoes all of them', async () => {
  const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  add(...titles);
  expect(tab.notices).toMatchObject([{ title: '3 tasks added', action: { label: 'Undo' } }]);
  await settled();
  expect(titlesOf(list())).toEqual(['three', 'two', 'one']);
  tab.notices[0]?.action?.run();
  expect(titlesOf(list())).toEqual([]);
  expect(counts()).toEqual([0, 0]);
  await settled();
  expect(await stored()).toEqual([]);

  expect(tab.notices).toMatchObject([{ action: { label: 'Redo' } }]);
  tab.notices[0]?.action?.run();
  await settled();
  expect(await stored()).toEqual(['three', 'two', 'one']);
});

test('a single task is added without a notice, and can be undone', async () => {
  add('one');
  expect(tab.notices).toEqual([]);
  await settled();
  tab.model.history.undoLast();
  expect(tab.notices).toMatchObject([{ title: 'Undone: “one” added' }]);
  await settled();
  expect(await stored()).toEqual([]);
});

test('tasks that are still queued or being sent are removed as well', async () => {
  const release = tab.hold('/api/tasks');
  add(...titles);
  await eventually(() => {
    expect(tab.model.unsent.items.get().map(({ state }) => state)).toContain('sending');
  });
  tab.model.history.undoLast();
  release();
  await settled();
  await eventually(async () => {
    expect(await stored()).toEqual([]);
  });
  await settled();
});

test('a task that was undone while an attempt to send it failed is removed after the next attempt', async () => {
  const release = tab.hold('/api/tasks');
  add('one');
  await eventually(() => {
    expect(tab.model.unsent.items.get()).toMatchObject([{ state: 'sending' }]);
  });
  server.faults.push(...Array<'lose the request'>(4).fill('lose the request'));
  tab.model.history.undoLast();
  expect(tab.notices).toMatchObject([{ title: 'Undone: “one” added' }]);
  release();
  await eventually(() => {
    expect(server.faults).toEqual([]);
  });
  await settled();
  await eventually(async () => {
    expect(await stored()).toEqual([]);
  });
});

test('a task that was undone while it was sent, and is refused, is discarded', async () => {
  const release = tab.hold('/api/tasks');
  add('one');
  await eventually(() => {
    expect(tab.model.unsent.items.get()).toMatchObject([{ state: 'sending' }]);
  });
  server.faults.push({ status: 400 });
  tab.model.history.undoLast();
  release();
  await settled();
  expect(await stored()).toEqual([]);
});

test('a task whose response was lost is not removed, because it may have been created', async () => {
  server.faults.push(...Array<'lose the response'>(4).fill('lose the response'));
  add('one');
  await tab.model.unsent.flush();
  tab.model.history.undoLast();
  expect(tab.notices).toMatchObject([{ title: 'Nothing to undo' }]);
  expect(tab.model.unsent.items.get()).toHaveLength(1);
});
