import type { Page, Request, Response } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { seedTasks } from './support/seed-tasks.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { addTask, taskBox, titlesInView, titlesOf } from './support/task-list.ts';
import { beginEdit, filterOption } from './support/task-page.ts';

const titles = Array.from({ length: 500 }, (_, at) => `Task ${String(at + 1).padStart(3, '0')}`);

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test('five hundred tasks are loaded page by page, without gaps or duplicates, and few of them are in the document', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(stage.app, person, titles);
    const { page, open } = await stage.visitor({ person });
    await open('/tasks');
    await page.getByRole('radio', { name: 'All 500', exact: true }).waitFor();
    expect(await readThrough(page, 500)).toEqual(await storedTitles(person));
    expect(await page.getByRole('listitem').count()).toBeLessThan(60);

    const [last] = (await person.tasks.listTasks({ query: { order: 'asc', limit: 1 } })).items;
    const requests: string[] = [];
    page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`));
    const refetched = page.waitForResponse(
      (response) => response.request().method() === 'GET' && response.url().includes('cursor='),
    );
    await taskBox(page, last?.title ?? '').check();
    await refetched;
    await eventually(() => page.getByRole('radio', { name: 'Completed 1' }).count()).toBe(1);
    expect(requests.length).toBeLessThanOrEqual(3);

    const cost = countFetches(page);
    const [edited = '', deleted = ''] = (await titlesOf(page)).slice(-3);
    // Which ones is random: the seeded tasks have the same times.
    const unchanged = titles.filter((title) => title !== edited && title !== deleted);
    const [firstUnchanged = ''] = unchanged;
    await cost('an edit', async () => {
      const form = await beginEdit(page, edited);
      await form.getByLabel('Title').fill('Edited');
      await form.getByRole('button', { name: 'Save' }).click();
      await taskBox(page, 'Edited').waitFor();
    });
    await cost('a deletion', async () => {
      await page.getByRole('button', { name: `Delete “${deleted}”` }).click();
      // The request is sent when the notice closes.
      const notice = page.getByRole('dialog').filter({ hasText: `“${deleted}” deleted` });
      await notice.getByRole('button', { name: 'Close' }).click();
    });
    await page.evaluate(() => {
      scrollTo(0, 0);
    });
    await settledScroll(page);
    await cost('an addition', () => addTask(page, 'Added'));

    const order = page.getByRole('combobox', { name: 'Sort by' });
    await order.selectOption({ label: 'Title A to Z' });
    await taskBox(page, firstUnchanged).waitFor();
    expect(await readThrough(page, 500)).toEqual([...['Added', 'Edited'], ...unchanged]);
    // Another view begins at its top, also if all of its tasks are loaded.
    await order.selectOption({ label: 'Newest first' });
    await taskBox(page, 'Added').waitFor();
    await eventually(() => page.evaluate(() => scrollY)).toBe(0);
    await order.selectOption({ label: 'Title A to Z' });

    // The pages that are loaded are not requested again.
    for (const [status, first] of [
      ['Completed', last?.title ?? ''],
      ['All', firstUnchanged],
    ] as const) {
      requests.length = 0;
      await filterOption(page, status).check();
      await taskBox(page, first).waitFor();
      await page.waitForLoadState('networkidle');
      expect(requests.length, status).toBeLessThanOrEqual(3);
      expect(await page.getByRole('listitem').count()).toBeLessThan(60);
    }
  });

  test('the back button and a reload return to the same row at the same place', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(
      stage.app,
      person,
      titles.map((title, at) => (at % 3 === 0 ? `${title} ${'long '.repeat(35)}` : title)),
    );
    const { page, open } = await stage.visitor({ person });
    await open('/tasks?sort=title');
    const target = page.getByRole('checkbox', { name: 'Task 351', exact: true });
    await scrollDown(page, async () => (await target.count()) === 1);
    await target.scrollIntoViewIfNeeded();
    const topOf = async () => Math.round((await target.boundingBox())?.y ?? NaN);
    await settledScroll(page);
    const before = await topOf();

    await page.getByRole('link', { name: 'Account' }).evaluate((link) => {
      (link as HTMLElement).click();
    });
    await page.getByText(person.email).waitFor();
    await page.goBack();
    await eventually(topOf).toBe(before);

    await page.reload();
    await eventually(topOf).toBe(before);
  });

  test('concurrent additions and deletions cause no gaps or duplicates among the other tasks', async () => {
    const person = await newPerson(stage.app);
    const stay = titles.slice(0, 150);
    await seedTasks(stage.app, person, stay);
    const { page, open, complaints } = await stage.visitor({ person });
    await open('/tasks?sort=title');
    await taskBox(page, 'Task 001').waitFor();
    const { items } = await person.tasks.listTasks({ query: { sort: 'title', order: 'asc' } });
    for (const { id } of items.slice(0, 10)) await person.tasks.deleteTask({ path: { id } });
    await giveTasks(person, ['Task 000', 'Task 075, part two', 'Zebra']);

    complaints.expect(/^500 GET \/api\/tasks$/);
    let failures = 0;
    await page.route(/[?&]cursor=/, (route) => {
      failures += 1;
      return route.fulfill({ status: 500 });
    });
    await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
    });
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.waitForLoadState('networkidle');
    // The page does not repeat a failed request by itself.
    expect(failures).toBe(1);
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor({ state: 'detached' });
    await settledScroll(page);

    const seen = await readThrough(page);
    expect(seen).toEqual(expect.arrayContaining([...stay.slice(10), 'Zebra']));
    expect(new Set(seen).size).toBe(seen.length);

    // Another history entry, so that the list begins at its top.
    await open('/tasks?sort=title&order=asc');
    // Until the list is fetched, the page shows the saved one.
    await taskBox(page, 'Task 000').waitFor();
    expect(await readThrough(page, 143)).toEqual([
      'Task 000',
      ...stay.slice(10, 75),
      'Task 075, part two',
      ...stay.slice(75),
      'Zebra',
    ]);

    // A jump to the top stays, also if the list changes before the browser reports the jump.
    await taskBox(page, 'Zebra').evaluate((box) => {
      scrollTo(0, 0);
      (box as HTMLElement).click();
    });
    await settledScroll(page);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});

/** Returns a function that expects a change to cost at most three GET requests, until the list is up to date. */
function countFetches(page: Page) {
  let fetches = 0;
  const pending = new Set<Request>();
  const isFetch = (request: Request) =>
    request.method() === 'GET' && new URL(request.url()).pathname.startsWith('/api/');
  const isList = (response: Response) =>
    isFetch(response.request()) && new URL(response.url()).pathname === '/api/tasks';
  const ended = (request: Request) => {
    pending.delete(request);
  };
  page.on('request', (request) => {
    if (!isFetch(request)) return;
    fetches += 1;
    pending.add(request);
  });
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  return async (change: string, make: () => Promise<void>) => {
    await eventually(() => pending.size).toBe(0);
    const before = fetches;
    const changed = page.waitForResponse((response) => !isFetch(response.request()));
    const refetched = changed.then(() => page.waitForResponse(isList));
    await make();
    await refetched;
    await eventually(() => pending.size).toBe(0);
    expect(fetches - before, change).toBeLessThanOrEqual(3);
  };
}

/** Scrolls from the top to the end of the list. Returns the titles of all rows, in order. */
async function readThrough(page: Page, count?: number): Promise<string[]> {
  await page.evaluate(() => {
    scrollTo(0, 0);
  });
  const seen = new Set<string>();
  const end = page.getByText(
    count === undefined ? /^All \d+ tasks shown$/ : `All ${count} tasks shown`,
  );
  await scrollDown(page, async () => {
    const isAtEnd = (await end.count()) > 0 && (await page.evaluate(isScrolledDown));
    await settledScroll(page);
    for (const title of await titlesInView(page)) seen.add(title);
    return isAtEnd;
  });
  return [...seen];
}

/** Scrolls down until something is reached. Only the time of the whole test is limited: a slow machine renders few rows in a second. */
async function scrollDown(page: Page, isReached: () => Promise<boolean>): Promise<void> {
  while (!(await isReached())) {
    await page.evaluate(() => {
      scrollBy(0, 0.8 * innerHeight);
    });
    await settledScroll(page);
  }
}

const isScrolledDown = () => scrollY + innerHeight >= document.documentElement.scrollHeight - 1;

/** Waits for the frames in which the rows in view are rendered and measured. */
async function settledScroll(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  });
}
