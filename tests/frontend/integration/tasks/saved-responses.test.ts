import { beforeEach, expect, test } from 'vitest';
import { finishSession } from '../../../../frontend/app/lib/tasks/finish-session.ts';
import { setCompleted } from '../../../../frontend/app/lib/tasks/use-changes.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';
import { openTab, taskOf, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let profile: BrowserProfile;
let tab: Tab;

beforeEach(async () => {
  profile = new BrowserProfile();
  tab = openTab(server.url, `user-${++users}`, profile);
  for (const title of ['one', 'two']) await tab.model.client.createTask({ body: { title } });
  await tab.show();
  tab.browser.events.dispatchEvent(new Event('pagehide'));
  expect(profile.saved.size).toBe(1);
});

test('the last list is shown by the next page while the service fails, and changes apply to it', async () => {
  tab.close();
  const next = openTab(server.url, tab.model.userId, profile);
  server.faults.push({ status: 500 });
  const list = await next.show();
  expect(titlesOf(list())).toEqual(['two', 'one']);
  // The logical clock of the page that saved it was ahead.
  expect(await setCompleted(next.model, taskOf(list(), 'one'), true)).toBe(true);
  expect(taskOf(list(), 'one').completed).toBe(true);
});

test('another list that was saved with it is fetched again when it is shown', async () => {
  await tab.show({ status: 'pending' });
  tab.browser.events.dispatchEvent(new Event('pagehide'));
  tab.close();
  const next = openTab(server.url, tab.model.userId, profile);
  await next.model.client.createTask({ body: { title: 'three' } });
  await next.show();
  const list = await next.show({ status: 'pending' });
  expect(titlesOf(list())).toEqual(['three', 'two', 'one']);
});

test('another user does not see it', async () => {
  tab.close();
  const stranger = openTab(server.url, 'another user', profile);
  server.faults.push({ status: 500 });
  expect(titlesOf((await stranger.show())())).toEqual([]);
});

test('the end of the session deletes it, and nothing is saved after that', async () => {
  await finishSession(
    tab.model,
    () => Promise.resolve(),
    () => Promise.resolve(),
  );
  expect(profile.saved.size).toBe(0);
  await tab.show({ status: 'pending' });
  tab.browser.events.dispatchEvent(new Event('pagehide'));
  await eventually(() => {
    expect(tab.queryClient.isFetching()).toBe(0);
  });
  expect(profile.saved.size).toBe(0);
});
