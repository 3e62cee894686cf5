import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useService } from '../../../support/service.ts';
import { BrowserProfile } from '../../support/browser-profile.ts';
import { allSent, storedTitles, unsentItems } from '../../support/unsent.ts';
import { input, openTab, titlesOf, type Tab } from '../../support/tab.ts';
import { eventually } from '../../../support/eventually.ts';

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
const items = (of = tab) => unsentItems(of);
const posts = () => server.requests.filter(({ line }) => line.startsWith('POST'));
const stored = (of = tab) => storedTitles(of);
const sent = (of = tab) => allSent(of);
const goOffline = () => {
  tab.browser.setOnline(false);
};

describe('an unsent task', () => {
  test('is at the top at once, keeps its key, and is sent', async () => {
    const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    tab.model.unsent.add(input('one'));
    tab.model.unsent.add(input('two', 'Two litres'));
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

  test('is counted once if the counts were requested before it and arrive after it', async () => {
    const release = tab.hold('/task-counts');
    const showing = tab.showCounts();
    tab.model.unsent.add(input('one'));
    await eventually(() => {
      expect(items()).toEqual([]);
    });
    release();
    const counts = await showing;
    await eventually(() => {
      expect(counts()).toEqual([1, 0]);
    });
  });

  test('is not in the list of completed tasks', async () => {
    const [done, pending] = await Promise.all([
      tab.show({ status: 'completed' }),
      tab.show({ status: 'pending', sort: 'title', order: 'asc' }),
    ]);
    goOffline();
    tab.model.unsent.add(input('one'));
    expect(titlesOf(done())).toEqual([]);
    expect(titlesOf(pending())).toEqual(['one (waiting)']);
  });

  test('waits while the browser is offline, and the queue is sent in order when it is online again', async () => {
    goOffline();
    const titles = ['one', 'two', 'three', 'four', 'five'];
    for (const title of titles) tab.model.unsent.add(input(title));
    await tab.model.unsent.flush();
    expect(posts()).toEqual([]);
    expect(items().map(({ state }) => state)).toEqual(titles.map(() => 'waiting'));
    tab.browser.setOnline(true);
    await sent();
    expect(await stored()).toEqual(titles);
  });

  test('is created once if its response is lost and the next page sends it again', async () => {
    // The first response and those of the client's retries.
    server.faults.push(...Array<'lose the response'>(4).fill('lose the response'));
    tab.model.unsent.add(input('one'));
    tab.model.unsent.add(input('two'));
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
  });
});

describe('a rejected task', () => {
  const tooLong = 'x'.repeat(201);

  test('stays in the list with a message, does not block others, and can be edited', async () => {
    const [list, counts] = await Promise.all([tab.show(), tab.showCounts()]);
    tab.model.unsent.add(input(tooLong));
    tab.model.unsent.add(input('two'));
    await sent();
    expect(titlesOf(list())).toEqual([`${tooLong} (refused)`, 'two']);
    expect(counts()).toEqual([1, 0]);
    const [refused] = items();
    expect(refused?.refusal?.fields?.title).toBe('The title can be up to 200 characters.');
    // It is not sent again without the user, also after a reload.
    expect(
      titlesOf(
        await openAnother()
          .show()
          .then((rows) => rows()),
      ),
    ).toContain(`${tooLong} (refused)`);
    expect(posts()).toHaveLength(2);
    tab.model.unsent.edit(refused?.id ?? '', input('one'));
    await sent();
    expect((await stored()).toSorted()).toEqual(['one', 'two']);
    expect(items()).toEqual([]);
  });

  test('can be discarded', async () => {
    tab.model.unsent.add(input(tooLong));
    await sent();
    tab.model.unsent.discard(items()[0]?.id ?? '');
    expect(items()).toEqual([]);
    expect(profile.entries.size).toBe(0);
  });

  test('can be sent again with the same key after an internal error', async () => {
    server.faults.push({ status: 500 });
    tab.model.unsent.add(input('one'));
    await sent();
    expect(items()).toMatchObject([{ state: 'refused', refusal: { action: 'retry' } }]);
    tab.model.unsent.retry(items()[0]?.id ?? '');
    await sent();
    expect(await stored()).toEqual(['one']);
    expect(new Set(posts().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  });

  test('whose key may have expired is not sent again without the user', async () => {
    // No retry or probe comes by itself, however long the requests take.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    server.faults.push({ status: 503, headers: { 'Retry-After': '3600' } });
    tab.model.unsent.add(input('one'));
    goOffline();
    tab.model.unsent.add(input('two'));
    await tab.model.unsent.flush();
    const [now, hour] = [Date.now(), 3_600_000];
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now + 12 * hour);
    // Another attempt does not extend the lifetime of the key.
    server.faults.push('pass', { status: 503, headers: { 'Retry-After': '3600' } });
    tab.browser.setOnline(true);
    await expect
      .poll(() => [posts().length, ...items().map(({ state }) => state)])
      .toEqual([2, 'waiting', 'waiting']);
    goOffline();
    clock.mockImplementation(() => now + 24 * hour);
    tab.browser.setOnline(true);
    await expect.poll(() => tab.model.connection.get()).toBe('online');
    vi.useRealTimers();
    await tab.model.unsent.flush();
    await sent();
    // A task that was never sent can wait any time.
    expect(await stored()).toEqual(['two']);
    expect(items()).toMatchObject([
      {
        title: 'one',
        state: 'refused',
        refusal: { title: 'This task may already be in your list' },
      },
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
  test('share the queue and send each task once', async () => {
    goOffline();
    const other = openAnother();
    other.browser.setOnline(false);
    tab.model.unsent.add(input('one'));
    other.model.unsent.add(input('two'));
    tab.model.unsent.add(input('three'));
    for (const each of [tab, other]) expect(items(each)).toHaveLength(3);
    tab.browser.setOnline(true);
    other.browser.setOnline(true);
    await Promise.all([sent(tab), sent(other)]);
    expect(await stored()).toHaveLength(3);
    expect(posts()).toHaveLength(3);
  });

  test('do not send a task that another tab has discarded', async () => {
    const other = openAnother();
    const release = tab.hold('/api/tasks');
    tab.model.unsent.add(input('one'));
    tab.model.unsent.add(input('two'));
    // The storage event may arrive late.
    profile.emitsEvents = false;
    other.model.unsent.discard(items(other)[1]?.id ?? '');
    release();
    await sent();
    expect(await stored()).toEqual(['one']);
  });

  test('of another user do not see, send or clear the queue', async () => {
    goOffline();
    tab.model.unsent.add(input('one'));
    const stranger = openAnother(`${tab.model.userId}:x`);
    expect(items(stranger)).toEqual([]);
    await stranger.model.unsent.flush();
    stranger.model.unsent.clear();
    expect(items()).toHaveLength(1);
    expect(posts()).toEqual([]);
    stranger.browser.setOnline(false);
    stranger.model.unsent.add(input('theirs'));
    expect(items()).toMatchObject([{ title: 'one' }]);
    tab.model.unsent.clear();
    expect(profile.entries.size).toBe(1);
  });
});

describe('storage', () => {
  test('that is full keeps new tasks in memory', async () => {
    goOffline();
    profile.writeError = new DOMException('storage is full', 'QuotaExceededError');
    expect(tab.model.unsent.add(input('one'))).toMatchObject({ isStored: false });
    expect(items()).toMatchObject([{ title: 'one', state: 'waiting' }]);
    tab.browser.setOnline(true);
    await sent();
    expect(await stored()).toEqual(['one']);
  });

  test('with malformed items is tolerated, and texts are stored unchanged', async () => {
    const prefix = `tasks:unsent:${tab.model.userId}:`;
    for (const [at, text] of ['', 'null', '{}', '[1', '{"id":1}'].entries()) {
      profile.entries.set(`${prefix}${at}`, text);
    }
    goOffline();
    const title = '<b>&"\u2028 ünï 📞 \u202e';
    tab.model.unsent.add(input(title));
    const next = openAnother();
    expect(items(next)).toMatchObject([{ title }]);
    await sent(next);
    expect(await stored()).toEqual([title]);
  });

  test('keeps the queue for the next session if the session has ended', async () => {
    tab.auth.user = undefined;
    tab.model.unsent.add(input('one'));
    await tab.model.unsent.flush();
    expect(tab.redirects()).toBe(1);
    tab.close();
    const next = openAnother();
    await sent(next);
    expect(await stored(next)).toEqual(['one']);
  });
});
