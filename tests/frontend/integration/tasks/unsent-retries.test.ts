import { beforeEach, expect, test, vi } from 'vitest';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { input, openTab, type Tab } from '../../support/tab.ts';
import { allSent, storedTitles, unsentItems } from '../../support/unsent.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
/** The client does not wait for that long. */
const unavailable = { status: 503, headers: { 'Retry-After': '3600' } };
let users = 0;
let tab: Tab;

beforeEach(() => {
  tab = openTab(server.url, `user-${++users}`);
  server.requests.length = 0;
});

test('an unsent task is sent again after a delay if the service could not be reached', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  server.faults.push(unavailable);
  tab.model.unsent.add(input('one'));
  await tab.model.unsent.flush();
  expect(unsentItems(tab)).toMatchObject([{ state: 'waiting' }]);
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  await allSent(tab);
  expect(await storedTitles(tab)).toEqual(['one']);
});

test('an unsent task is sent again after the first delay if others have been sent since the last failure', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  for (const title of ['one', 'two']) {
    server.faults.push(unavailable);
    tab.model.unsent.add(input(title));
    await tab.model.unsent.flush();
    expect(unsentItems(tab)).toMatchObject([{ title, state: 'waiting' }]);
    if (title === 'one') await tab.model.unsent.flush();
  }
  vi.advanceTimersByTime(2_000);
  vi.useRealTimers();
  await allSent(tab);
  expect(await storedTitles(tab)).toEqual(['one', 'two']);
});

test('an unsent task is sent once when the connection is back, and if that fails, not before the delay', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server.faults.push(unavailable, unavailable);
  tab.model.unsent.add(input('one'));
  await tab.model.unsent.flush();
  for (let success = 0; success < 3; success++) await tab.model.unsent.resume();
  expect(server.requests.filter(({ line }) => line.startsWith('POST'))).toHaveLength(2);
  vi.advanceTimersByTime(4_000);
  vi.useRealTimers();
  await allSent(tab);
  expect(await storedTitles(tab)).toEqual(['one']);
});
