import { beforeEach, expect, test, vi } from 'vitest';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let tab: Tab;

beforeEach(async () => {
  tab = openTab(server.url, `user-${++users}`);
  for (const title of ['one', 'two', 'three']) {
    await tab.model.client.createTask({ body: { title } });
  }
  server.requests.length = 0;
});

const settled = () =>
  eventually(() => {
    expect(tab.queryClient.isMutating() + tab.queryClient.isFetching()).toBe(0);
  });
const deletions = () =>
  server.requests.map(({ line }) => line).filter((line) => line.startsWith('DELETE'));
const stored = async () => (await tab.model.client.listTasks()).items.map(({ title }) => title);

test('a task is hidden at once, and deleted when its notice closes', async () => {
  const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  const { id } = taskOf(list(), 'two');
  tab.model.deletions.remove(taskOf(list(), 'two'));
  expect(titlesOf(list())).toEqual(['three', 'one']);
  expect(counts()).toEqual([2, 0]);
  expect(tab.notices).toMatchObject([{ title: '“two” deleted', action: { label: 'Undo' } }]);
  // It stays hidden after a refetch.
  await tab.model.queries.refetch();
  expect(titlesOf(list())).toEqual(['three', 'one']);
  expect(deletions()).toEqual([]);
  tab.notices[0]?.onClose?.();
  await settled();
  expect(deletions()).toEqual([`DELETE /api/tasks/${id}`]);
  expect(tab.notices).toEqual([]);
  expect(titlesOf(list())).toEqual(['three', 'one']);
  expect(counts()).toEqual([2, 0]);
  expect(await stored()).toEqual(['three', 'one']);
  await tab.model.queries.refetch();
  expect(counts()).toEqual([2, 0]);
  expect(tab.model.changes.get()).toEqual([]);
});

test('undoing with the notice or the key restores it, and sends no request', async () => {
  const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  const two = taskOf(list(), 'two');
  tab.model.deletions.remove(two);
  tab.model.deletions.remove(taskOf(list(), 'one'));
  expect(titlesOf(list())).toEqual(['three']);
  expect(counts()).toEqual([1, 0]);
  tab.notices.find(({ title }) => title.includes('one'))?.action?.run();
  expect(titlesOf(list())).toEqual(['three', 'one']);
  tab.model.history.undoLast();
  tab.model.history.undoLast();
  expect(titlesOf(list())).toEqual(['three', 'two', 'one']);
  expect(counts()).toEqual([3, 0]);
  expect(tab.notices.map(({ title }) => title)).toEqual(['Nothing to undo']);
  await settled();
  expect(deletions()).toEqual([]);
});

test.each<[string, () => unknown]>([
  ['its notice closes', () => tab.model.deletions.finish()],
  ['the page closes', () => tab.browser.events.dispatchEvent(new Event('pagehide'))],
])('a task that was deleted elsewhere before %s counts as deleted', async (_, finish) => {
  const list = await tab.show();
  const task = taskOf(list(), 'two');
  tab.model.deletions.remove(task);
  await openTab(service.url, tab.model.userId).model.client.deleteTask({ path: { id: task.id } });
  await finish();
  await settled();
  expect(deletions()).toHaveLength(1);
  expect(tab.notices).toEqual([]);
  expect(titlesOf(list())).toEqual(['three', 'one']);
});

test('a waiting deletion can be sent now, once', async () => {
  const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  const two = taskOf(list(), 'two');
  tab.model.deletions.remove(two);
  tab.model.deletions.removeNow(two);
  expect(tab.notices).toEqual([]);
  expect(counts()).toEqual([2, 0]);
  await settled();
  expect(deletions()).toHaveLength(1);
  await tab.model.queries.refetch();
  expect(tab.model.changes.get()).toEqual([]);
});

test('a deletion that fails is rolled back, with a message and a button to retry', async () => {
  const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
  tab.model.deletions.remove(taskOf(list(), 'two'));
  server.faults.push({ status: 500 });
  await expect(tab.model.deletions.finish()).rejects.toMatchObject({ status: 500 });
  expect(titlesOf(list())).toEqual(['three', 'two', 'one']);
  expect(counts()).toEqual([3, 0]);
  expect(tab.notices).toMatchObject([{ title: '“two” could not be deleted', tone: 'error' }]);
  tab.notices[0]?.action?.run();
  expect(titlesOf(list())).toEqual(['three', 'one']);
  await tab.model.deletions.finish();
  await settled();
  expect(await stored()).toEqual(['three', 'one']);
});

test.each<[string, () => void]>([
  ['is closed', () => tab.browser.events.dispatchEvent(new Event('pagehide'))],
  // Phones close background pages without an event.
  [
    'is hidden',
    () => {
      tab.browser.hide();
    },
  ],
  [
    'unmounts the provider',
    () => {
      tab.close();
    },
  ],
])('a waiting deletion is sent with keepalive when the page %s', async (_, leave) => {
  const fetched = vi.spyOn(globalThis, 'fetch');
  const list = await tab.show();
  tab.model.deletions.remove(taskOf(list(), 'one'));
  tab.model.deletions.remove(taskOf(list(), 'two'));
  leave();
  await eventually(async () => {
    expect(await stored()).toEqual(['three']);
  });
  const sent = fetched.mock.calls.filter(([, init]) => init?.method === 'DELETE');
  expect(sent.map(([, init]) => init?.keepalive).filter(Boolean)).toHaveLength(2);
  expect(tab.notices).toEqual([]);
  fetched.mockRestore();
  await settled();
});
