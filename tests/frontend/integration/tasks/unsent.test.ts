import { beforeEach, describe, expect, test, vi } from 'vitest';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';
import { openTab, titlesOf, type Tab } from '../../support/tab.ts';

const service = useService();
const server = useFaultyServer(() => service.url);
let users = 0;
let profile: BrowserProfile;
let tab: Tab;

beforeEach(() => {
  profile = new BrowserProfile();
  tab = openTab(server.url, `user-${++users}`, profile);
  server.requests.length = 0;
});

/** Another tab of the same browser. */
const openAnother = (user = tab.model.userId) => openTab(server.url, user, profile);
const items = (of = tab) => of.model.unsent.items.get();
const posts = () => server.requests.filter(({ line }) => line.startsWith('POST'));
/** The titles that the service has, in the order in which they came. */
const stored = async (of = tab) => {
  const query = { order: 'asc' } as const;
  return (await of.model.client.listTasks({ query })).items.map(({ title }) => title);
};
const sent = (of = tab) =>
  vi.waitFor(() => {
    expect(items(of).filter(({ state }) => state !== 'refused')).toEqual([]);
    expect(of.queryClient.isMutating() + of.queryClient.isFetching()).toBe(0);
  });
const goOffline = () => {
  tab.browser.setOnline(false);
};

describe('an addition', () => {
  test('is on top at once, keeps its key, and is sent', async () => {
    const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    tab.model.unsent.add({ title: 'one' });
    tab.model.unsent.add({ title: 'two', description: 'Two litres' });
    expect(titlesOf(list())).toEqual(['two (waiting)', 'one (sending)']);
    expect(counts()).toEqual([2, 0]);
    const keys = list().map(({ key }) => key);
    await sent();
    expect(titlesOf(list())).toEqual(['two', 'one']);
    expect(list().map(({ key }) => key)).toEqual(keys);
    expect(counts()).toEqual([2, 0]);
    expect(profile.entries.size).toBe(0);
    expect((await tab.model.client.listTasks()).items[0]?.description).toBe('Two litres');
  });

  test('is counted once by first counts that are asked for before it and come after it', async () => {
    const release = tab.hold('/task-counts');
    const showing = tab.showCounts();
    tab.model.unsent.add({ title: 'one' });
    await vi.waitFor(() => {
      expect(items()).toEqual([]);
    });
    release();
    const counts = await showing;
    await vi.waitFor(() => {
      expect(counts()).toEqual([1, 0]);
    });
  });

  test('is in no list of completed tasks', async () => {
    const [done, pending] = await Promise.all([
      tab.show({ status: 'completed' }),
      tab.show({ status: 'pending', sort: 'title', order: 'asc' }),
    ]);
    goOffline();
    tab.model.unsent.add({ title: 'one' });
    expect(titlesOf(done())).toEqual([]);
    expect(titlesOf(pending())).toEqual(['one (waiting)']);
  });

  test('waits while the browser is offline, and goes in order when the line is back', async () => {
    goOffline();
    const titles = ['one', 'two', 'three', 'four', 'five'];
    for (const title of titles) tab.model.unsent.add({ title });
    await tab.model.unsent.flush();
    expect(posts()).toEqual([]);
    expect(items().map(({ state }) => state)).toEqual(titles.map(() => 'waiting'));
    tab.browser.setOnline(true);
    await sent();
    expect(await stored()).toEqual(titles);
  });

  test('is one task when its reply gets lost and it is sent again, by the next page that lives', async () => {
    // The first reply and those of the client's own tries.
    server.faults.push(...Array<'lose the reply'>(4).fill('lose the reply'));
    tab.model.unsent.add({ title: 'one' });
    tab.model.unsent.add({ title: 'two' });
    await tab.model.unsent.flush();
    expect(posts()).toHaveLength(4);
    expect(tab.model.connection.get()).toBe('unreachable');
    expect(items().map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    tab.close();
    const next = openAnother();
    expect(items(next).map(({ title }) => title)).toEqual(['one', 'two']);
    await sent(next);
    expect(await stored(next)).toEqual(['one', 'two']);
    const keys = posts().map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys.slice(0, 5)).size).toBe(1);
  }, 20_000);

  test('is sent by itself some time after the service could not be reached', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
    server.faults.push({ status: 503, headers: { 'Retry-After': '3600' } });
    tab.model.unsent.add({ title: 'one' });
    await tab.model.unsent.flush();
    expect(items()).toMatchObject([{ state: 'waiting' }]);
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    await sent();
    expect(await stored()).toEqual(['one']);
  });
});

describe('what the service refuses', () => {
  const tooLong = 'x'.repeat(201);

  test('stays with its message, lets the others pass, and can be changed', async () => {
    const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    tab.model.unsent.add({ title: tooLong });
    tab.model.unsent.add({ title: 'two' });
    await sent();
    expect(titlesOf(list())).toEqual([`${tooLong} (refused)`, 'two']);
    expect(counts()).toEqual([1, 0]);
    const [refused] = items();
    expect(refused?.refusal?.fields?.title).toBe('The title can have 200 characters at most.');
    // It is not tried again by itself, also after a reload.
    expect(
      titlesOf(
        await openAnother()
          .show()
          .then((rows) => rows()),
      ),
    ).toContain(`${tooLong} (refused)`);
    expect(posts()).toHaveLength(2);
    tab.model.unsent.edit(refused?.id ?? '', { title: 'one' });
    await sent();
    expect((await stored()).toSorted()).toEqual(['one', 'two']);
    expect(items()).toEqual([]);
  });

  test('can be discarded', async () => {
    tab.model.unsent.add({ title: tooLong });
    await sent();
    tab.model.unsent.discard(items()[0]?.id ?? '');
    expect(items()).toEqual([]);
    expect(profile.entries.size).toBe(0);
  });

  test('by a fault of its own can be tried again, under the same key', async () => {
    server.faults.push({ status: 500 });
    tab.model.unsent.add({ title: 'one' });
    await sent();
    expect(items()).toMatchObject([{ state: 'refused', refusal: { action: 'retry' } }]);
    tab.model.unsent.retry(items()[0]?.id ?? '');
    await sent();
    expect(await stored()).toEqual(['one']);
    expect(new Set(posts().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  test('a key that the service may have forgotten is not used without asking', async () => {
    server.faults.push({ status: 503, headers: { 'Retry-After': '3600' } });
    tab.model.unsent.add({ title: 'one' });
    goOffline();
    tab.model.unsent.add({ title: 'two' });
    await tab.model.unsent.flush();
    const [now, hour] = [Date.now(), 3_600_000];
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + 12 * hour);
    // Another try does not make the service remember for longer.
    server.faults.push({ status: 503, headers: { 'Retry-After': '3600' } });
    tab.model.connection.succeeded();
    await tab.model.unsent.flush();
    expect(items()).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
    clock.mockImplementation(() => now + 24 * hour);
    tab.browser.setOnline(true);
    await sent();
    // What was never sent may wait for as long as it likes.
    expect(await stored()).toEqual(['two']);
    expect(items()).toMatchObject([
      { title: 'one', state: 'refused', refusal: { title: 'This may be in your list already' } },
    ]);
    const [first] = items();
    tab.model.unsent.retry(first?.id ?? '');
    await sent();
    expect(await stored()).toEqual(['two', 'one']);
    expect(posts().at(-1)?.headers['idempotency-key']).not.toBe(first?.idempotencyKey);
    vi.restoreAllMocks();
  });
});

describe('several tabs', () => {
  test('see the same, send each item once, and keep those of each other', async () => {
    goOffline();
    const other = openAnother();
    other.browser.setOnline(false);
    tab.model.unsent.add({ title: 'one' });
    other.model.unsent.add({ title: 'two' });
    tab.model.unsent.add({ title: 'three' });
    for (const each of [tab, other]) expect(items(each)).toHaveLength(3);
    tab.browser.setOnline(true);
    other.browser.setOnline(true);
    await Promise.all([sent(tab), sent(other)]);
    expect(await stored()).toHaveLength(3);
    expect(posts()).toHaveLength(3);
  });

  test('what one discards, another that is about to send leaves alone', async () => {
    const other = openAnother();
    const release = tab.hold('/api/tasks');
    tab.model.unsent.add({ title: 'one' });
    tab.model.unsent.add({ title: 'two' });
    // The word of it may come late.
    profile.tells = false;
    other.model.unsent.discard(items(other)[1]?.id ?? '');
    release();
    await sent();
    expect(await stored()).toEqual(['one']);
  });

  test('another user of the same browser neither sees nor sends nor clears them', async () => {
    goOffline();
    tab.model.unsent.add({ title: 'one' });
    const stranger = openAnother(`${tab.model.userId}:x`);
    expect(items(stranger)).toEqual([]);
    await stranger.model.unsent.flush();
    stranger.model.unsent.clear();
    expect(items()).toHaveLength(1);
    expect(posts()).toEqual([]);
    stranger.browser.setOnline(false);
    stranger.model.unsent.add({ title: 'theirs' });
    expect(items()).toMatchObject([{ title: 'one' }]);
    tab.model.unsent.clear();
    expect(profile.entries.size).toBe(1);
  });
});

describe('storage', () => {
  test('without room is told, and the page keeps what it does not', async () => {
    goOffline();
    profile.refusal = new DOMException('no room', 'QuotaExceededError');
    expect(tab.model.unsent.add({ title: 'one' })).toBe(false);
    expect(items()).toMatchObject([{ title: 'one', state: 'waiting' }]);
    tab.browser.setOnline(true);
    await sent();
    expect(await stored()).toEqual(['one']);
  });

  test('with nonsense in it is no harm, and texts are kept as they are', async () => {
    const prefix = `tasks:unsent:${tab.model.userId}:`;
    for (const [at, text] of ['', 'null', '{}', '[1', '{"id":1}'].entries()) {
      profile.entries.set(`${prefix}${at}`, text);
    }
    goOffline();
    const title = '<b>&"\u2028 ünï 📞 \u202e';
    tab.model.unsent.add({ title });
    const next = openAnother();
    expect(items(next)).toMatchObject([{ title }]);
    await sent(next);
    expect(await stored()).toEqual([title]);
  });

  test('with a session that is over keeps them for the next one', async () => {
    tab.auth.user = undefined;
    tab.model.unsent.add({ title: 'one' });
    await tab.model.unsent.flush();
    expect(tab.left()).toBe(1);
    tab.close();
    const next = openAnother();
    await sent(next);
    expect(await stored(next)).toEqual(['one']);
  });
});
