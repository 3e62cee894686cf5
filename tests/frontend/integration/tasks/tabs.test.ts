import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { setCompleted } from '../../../../frontend/app/lib/tasks/use-changes.ts';
import { finishSession } from '../../../../frontend/app/lib/tasks/finish-session.ts';
import { startFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';
import { input, openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
let users = 0;
let profile: BrowserProfile;
let tab: Tab;
let other: Tab;

beforeEach(async () => {
  const user = `user-${++users}`;
  profile = new BrowserProfile();
  tab = openTab(service.url, user, profile);
  other = openTab(service.url, user, profile);
  await tab.model.client.createTask({ body: { title: 'Buy milk' } });
});

const settled = () =>
  eventually(() => {
    for (const { queryClient } of [tab, other])
      expect(queryClient.isMutating() + queryClient.isFetching()).toBe(0);
  });

test('a change in one tab is shown in the others', async () => {
  const [mine, theirs, counts] = await Promise.all([tab.show(), other.show(), other.showCounts()]);
  await setCompleted(tab.model, taskOf(mine(), 'Buy milk'), true);
  await eventually(() => {
    expect(taskOf(theirs(), 'Buy milk').completed).toBe(true);
    expect(counts()).toEqual([0, 1]);
  });
  tab.model.unsent.add(input('Call Zoë'));
  await eventually(() => {
    expect(titlesOf(theirs())).toEqual(['Call Zoë', 'Buy milk']);
  });
  tab.model.deletions.remove(taskOf(mine(), 'Buy milk'));
  await tab.model.deletions.finish();
  await eventually(() => {
    expect(titlesOf(theirs())).toEqual(['Call Zoë']);
  });
  await settled();
});

test('the end of a session finishes deletions, and clears all data of the user', async () => {
  const list = await tab.show();
  const tabOfAnother = openTab(service.url, 'another user');
  tab.model.deletions.remove(taskOf(list(), 'Buy milk'));
  // The service rejects it, so that it stays in the queue.
  tab.model.unsent.add(input('x'.repeat(201)));
  await tab.model.unsent.flush();
  expect(other.model.unsent.items.get()).toHaveLength(1);
  const end = vi.fn(async () => {
    // The token still works here.
    expect(await other.model.client.countTasks()).toEqual({ pending: 0, completed: 0 });
  });
  const clearSession = vi.fn(() => Promise.resolve());
  await finishSession(tab.model, end, clearSession);
  expect(end).toHaveBeenCalledTimes(1);
  expect(clearSession).toHaveBeenCalledTimes(1);
  expect(tab.queryClient.getQueryCache().getAll()).toEqual([]);
  expect(other.model.unsent.items.get()).toEqual([]);
  await eventually(() => {
    expect(other.redirects()).toBe(1);
  });
  expect([tab.redirects(), tabOfAnother.redirects()]).toEqual([0, 0]);
});

test('a session continues if a waiting deletion fails', async () => {
  const server = await startFaultyServer(service.url);
  onTestFinished(() => server.stop());
  const own = openTab(server.url, tab.model.userId);
  const list = await own.show();
  own.model.deletions.remove(taskOf(list(), 'Buy milk'));
  server.faults.push({ status: 500 });
  const end = vi.fn(() => Promise.resolve());
  await expect(finishSession(own.model, end, () => Promise.resolve())).rejects.toMatchObject({
    status: 500,
  });
  expect(end).not.toHaveBeenCalled();
  expect(titlesOf(list())).toEqual(['Buy milk']);
});

test('when another user signs in, the pages of the previous user redirect, in this browser only', async () => {
  const elsewhere = openTab(service.url, tab.model.userId);
  const nextTab = openTab(service.url, 'another user', profile);
  await eventually(() => {
    expect([tab.redirects(), other.redirects()]).toEqual([1, 1]);
  });
  openTab(service.url, 'another user', profile);
  nextTab.model.tabs.postChanged();
  await settled();
  expect([elsewhere.redirects(), nextTab.redirects()]).toEqual([0, 0]);
});

test('a session that cannot be ended continues', async () => {
  tab.browser.setOnline(false);
  other.browser.setOnline(false);
  tab.model.unsent.add(input('Call Zoë'));
  const clearSession = vi.fn(() => Promise.resolve());
  const end = () => Promise.reject(new TypeError('fetch failed'));
  await expect(finishSession(tab.model, end, clearSession)).rejects.toThrow('fetch failed');
  expect(clearSession).not.toHaveBeenCalled();
  expect(tab.model.unsent.items.get()).toHaveLength(1);
});

test('a browser without BroadcastChannel works, without messages between its tabs', async () => {
  const browser = new BrowserProfile();
  browser.openChannel = () => {
    throw new ReferenceError('BroadcastChannel is not defined');
  };
  const own = openTab(service.url, tab.model.userId, browser);
  const list = await own.show();
  await setCompleted(own.model, taskOf(list(), 'Buy milk'), true);
  expect(taskOf(list(), 'Buy milk').completed).toBe(true);
  await finishSession(own.model, () => Promise.resolve(), vi.fn());
});
