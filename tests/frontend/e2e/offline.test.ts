import type { BrowserContext, Page, Route } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { browserData, hasOfflineCopy, hasSavedList } from './support/browser-data.ts';
import { SERVICE_DOWN } from './support/complaints.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { callAuth, newPerson } from './support/person.ts';
import { expectFocus, signOut } from './support/sign-in.ts';
import { type Stage, useStage } from './support/stage.ts';
import { storedTitles } from './support/stored-tasks.ts';
import { expectTitles, taskBox } from './support/task-list.ts';
import { beginEdit, editForm, expectCounts } from './support/task-page.ts';
import { visitTasks } from './support/visit-tasks.ts';
import type { VisitorOptions } from './support/visitor.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();
  const ownStage = useStage(startTestApplication);

  const atTasks = (titles: readonly string[], options: VisitorOptions = {}, on: Stage = stage) =>
    visitTasks(on, titles, options);

  test.each(devices)(
    'tasks that are added offline are sent once, in order, when the browser is online again, on a $name',
    async (device) => {
      const { person, page, context, add, waiting, look } = await atTasks(['Before'], { device });
      await context.setOffline(true);
      await page.getByText('Offline. New tasks will be sent later.').waitFor();
      for (const title of ['One', 'Two', 'Three']) await add(title);
      await eventually(() => waiting.count()).toBe(3);
      await expectCounts(page, 4, 0);
      await look('14-offline');
      await context.setOffline(false);
      await expectTitles(page, ['Three', 'Two', 'One', 'Before']);
      await page.getByText('Offline. New tasks will be sent later.').waitFor({ state: 'hidden' });
      await page.getByRole('status').getByText('Connection restored').waitFor();
      expect(await storedTitles(person)).toEqual(['Three', 'Two', 'One', 'Before']);
      expect(await waiting.count()).toBe(0);
    },
  );

  test('a change that cannot be sent is rolled back, with a notice that closes when the connection is back', async () => {
    const { page, context } = await atTasks(['Buy milk']);
    await context.route(`${originOf(stage)}/**`, (route) => route.abort('connectionrefused'));
    await taskBox(page, 'Buy milk').click();
    const notice = page.getByText('“Buy milk” could not be completed').first();
    await notice.waitFor();
    expect(await taskBox(page, 'Buy milk').isChecked()).toBe(false);
    await context.unrouteAll();
    await reconnected(page);
    await notice.waitFor({ state: 'hidden' });
  });

  test('a reload offline shows the last list, read-only, also from the start page; after signing out, the browser stores no data of the user', async () => {
    const { person, page, context, complaints, open } = await atTasks(['Buy milk', 'Call Zoë']);
    complaints.allow(/^503 GET .*\/account$/);
    await eventually(() => hasOfflineCopy(page)).toBe(true);
    await context.setOffline(true);
    await page.reload();
    await expectTitles(page, ['Call Zoë', 'Buy milk']);
    await eventually(() => taskBox(page, 'Buy milk').getAttribute('aria-disabled')).toBe('true');
    await open('/account');
    await page.getByText('You are offline.').waitFor();
    await page.getByRole('link', { name: 'Your tasks' }).click();
    await expectTitles(page, ['Call Zoë', 'Buy milk']);
    await open('/');
    await expectTitles(page, ['Call Zoë', 'Buy milk']);
    expect(new URL(page.url()).pathname).toMatch(/\/tasks$/);
    await context.setOffline(false);
    await eventually(() => taskBox(page, 'Buy milk').getAttribute('aria-disabled')).toBe(null);

    await signOut(page);
    const readable = await browserData(page);
    for (const text of ['Buy milk', 'Call Zoë', person.id, person.email])
      expect(readable).not.toContain(text);
  });

  test('if the session ends before the page is stored, the sign-in page is not stored in its place', async () => {
    const person = await newPerson(stage.app);
    const { page, open, context } = await stage.visitor({ person });
    // Without a token, the page would find that the session has ended, and be left.
    const token = page.waitForResponse('**/api/auth/token');
    await context.route('**/tasks', async (route) => {
      if (route.request().resourceType() === 'fetch') {
        await token;
        await callAuth(stage.app, '/sign-out', { body: {}, cookies: person.cookies });
      }
      await route.continue();
    });
    const signInPage = context.waitForEvent('response', (response) =>
      response.url().includes('/sign-in'),
    );
    await open('/tasks');
    await signInPage;
    // Its body would be read now.
    await page.waitForTimeout(500);
    expect(await page.evaluate(async () => (await caches.match('/tasks'))?.url)).toBeUndefined();
  });

  test('the form keeps an edit that cannot be saved', async () => {
    const { person, page, context } = await atTasks(['Buy milk']);
    const form = await beginEdit(page, 'Buy milk');
    const [title, details] = [form.getByLabel('Title'), form.getByLabel('Details')];
    const save = form.getByRole('button', { name: 'Save' });
    await title.fill('Buy oat milk');
    // The service may be reachable for the next request.
    await context.route(`${originOf(stage)}/**`, (route) => route.abort('connectionrefused'));
    await save.click();
    await form.getByRole('alert').getByText('The service cannot be reached').waitFor();
    expect(await save.getAttribute('aria-disabled')).toBe(null);
    await context.unrouteAll();

    await context.setOffline(true);
    await page.getByText('Other changes need a connection.').waitFor();
    expect(await save.getAttribute('aria-disabled')).toBe('true');
    await save.click({ force: true });
    await title.press('Enter');
    await details.press('Control+Enter');
    expect(await title.inputValue()).toBe('Buy oat milk');
    await context.setOffline(false);
    await eventually(() => save.getAttribute('aria-disabled')).toBe(null);
    await save.click();
    await expectTitles(page, ['Buy oat milk']);
    expect(await storedTitles(person)).toEqual(['Buy oat milk']);
  });

  test('a task whose response was lost is sent again and created once', async () => {
    const { person, page, context, add } = await atTasks([]);
    const keys = await atCreations(context, 1, async (route) => {
      await route.fetch();
      await route.abort();
    });
    await add('Only once');
    // The list can have the task before it is sent again.
    await eventually(() => keys.length).toBeGreaterThan(1);
    await expectTitles(page, ['Only once']);
    expect(await storedTitles(person)).toEqual(['Only once']);
    expect(new Set(keys).size).toBe(1);
  });

  test('the queue survives a reload and is sent once', async () => {
    const { person, page, context, add, waiting } = await atTasks([]);
    await context.route(`${originOf(stage)}/**`, (route) => route.abort('connectionrefused'));
    await add('Kept');
    await waiting.waitFor();
    await page.reload();
    await waiting.waitFor();
    await page.getByText('Connection lost. Retrying…').waitFor();
    await context.unrouteAll();
    await reconnected(page);
    await expectTitles(page, ['Kept']);
    expect(await storedTitles(person)).toEqual(['Kept']);
  });

  test('a rejected task stays in the list with the reason, and can be edited and sent, or discarded', async () => {
    const { person, page, context, complaints, add, look } = await atTasks([]);
    complaints.expect(/^4\d\d POST \/api\/tasks$/);
    const makeInvalid = (route: Route) =>
      route.continue({ postData: JSON.stringify({ title: 'x'.repeat(201) }) });
    await atCreations(context, 2, makeInvalid);
    await add('Refused');
    await add('Refused as well');
    await eventually(() => page.getByText('Not added').count()).toBe(2);
    await expectCounts(page, 0, 0);
    await look('16-refused');
    await page.getByRole('button', { name: /^Discard “Refused as well”/ }).click();
    await page.getByRole('button', { name: /^Edit “Refused”/ }).click();
    const form = editForm(page, 'Refused');
    await expectFocus(form.getByLabel('Title'));
    await form.getByLabel('Title').fill('Accepted');
    await page.keyboard.press('Enter');
    await expectTitles(page, ['Accepted']);
    expect(await page.getByText('Not added').count()).toBe(0);
    expect(await storedTitles(person)).toEqual(['Accepted']);
  });

  test('a change that the service rejects is rolled back, with a notice', async () => {
    const { person, page, complaints } = await atTasks(['Stays', 'Is gone']);
    complaints.expect(/^404 \w+ \/api\/tasks\//);
    const { items } = await person.tasks.listTasks();
    await person.tasks.deleteTask({ path: { id: items[0]?.id ?? '' } });
    await taskBox(page, 'Is gone').click();
    await page.getByText('“Is gone” could not be completed').first().waitFor();
    await page.getByText('This task no longer exists').first().waitFor();
    // The deleted task is not shown again.
    await expectTitles(page, ['Stays']);
    await expectCounts(page, 1, 0);
    await page.keyboard.press('u');
    await page.getByText('Nothing to undo').first().waitFor();
  });

  test('while the service is down, a banner is shown and tasks can be added; they are sent when it is back', async () => {
    const { person, page, complaints, add, waiting } = await atTasks(['Before'], {}, ownStage);
    complaints.allow(...SERVICE_DOWN);
    await ownStage.app.stopService();
    try {
      await add('While it was down');
      await page.getByText('Connection lost. Retrying…').waitFor();
      await waiting.waitFor();
    } finally {
      await ownStage.app.startService();
    }
    await reconnected(page);
    await expectTitles(page, ['While it was down', 'Before']);
    expect(await storedTitles(person)).toEqual(['While it was down', 'Before']);
  });

  test('a reload right after a list was loaded shows it, also without the service', async () => {
    const { page, context } = await atTasks(['Apples', 'Bread']);
    await page.getByRole('combobox', { name: 'Sort by' }).selectOption({ label: 'Title A to Z' });
    await expectTitles(page, ['Apples', 'Bread']);
    await context.route(`${originOf(stage)}/**`, (route) => route.abort('connectionrefused'));
    await page.reload();
    await expectTitles(page, ['Apples', 'Bread']);
  });

  test('a page that is opened while the service is down shows the last list, and an error with a button to retry', async () => {
    const { page, context, complaints } = await atTasks(['Before'], {}, ownStage);
    complaints.allow(...SERVICE_DOWN);
    await eventually(() => hasSavedList(page)).toBe(true);
    const { promise: clicked, resolve: release } = Promise.withResolvers<undefined>();
    await ownStage.app.stopService();
    try {
      await page.reload();
      await expectTitles(page, ['Before']);
      await page.getByRole('alert').getByText('The service cannot be reached').waitFor();
      // Otherwise the page could find by itself that the service is back, and remove the button.
      await context.route(`${originOf(ownStage)}/**`, async (route) => {
        await clicked;
        await route.continue();
      });
    } finally {
      await ownStage.app.startService();
    }
    await page.getByRole('button', { name: 'Try again' }).click();
    release(undefined);
    await page.getByText('1 task shown').waitFor();
    await expectTitles(page, ['Before']);
  });
});

/** The origin of the service, as pages call it. */
const originOf = ({ app }: Stage) =>
  new URL(app.serviceUrl.replace('127.0.0.1', 'localhost')).origin;

/** Waits for a probe of the service to succeed. After a long outage, the next one comes up to 30 seconds later. */
const reconnected = (page: Page) =>
  page.getByText('Connection lost').waitFor({ state: 'hidden', timeout: 60_000 });

/** Applies a handler to the first requests that create a task. Returns the idempotency keys of all such requests. */
async function atCreations(
  context: BrowserContext,
  count: number,
  disturb: (route: Route) => Promise<void>,
): Promise<string[]> {
  const keys: string[] = [];
  await context.route('**/api/tasks', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    keys.push((await route.request().headerValue('Idempotency-Key')) ?? '');
    return keys.length <= count ? disturb(route) : route.continue();
  });
  return keys;
}
