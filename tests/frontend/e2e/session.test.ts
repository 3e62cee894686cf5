import { decodeProtectedHeader } from 'jose';
import type { BrowserContext } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { administer } from '../../support/server.ts';
import { eventually } from './support/eventually.ts';
import { callAuth, newPerson } from './support/person.ts';
import { signIn } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { addTask, expectTitles, taskBox } from './support/task-list.ts';
import { expectCounts, newTask } from './support/task-page.ts';

describe.runIf(chromiumPath !== undefined)('with a token lifetime of one second', () => {
  const stage = useStage(() => startTestApplication({ environment: { TOKEN_LIFETIME: '1s' } }));
  const expectExpired = (token: string) =>
    eventually(async () => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(`${stage.app.serviceUrl}/api/tasks`, { headers })).status;
    }).toBe(401);

  test('a token that expires while the page is open is renewed, also if the clock of the browser has stopped', async () => {
    const person = await newPerson(stage.app);
    const { page, open, context, complaints } = await stage.visitor({ person });
    const tokens = recordTokens(context);
    await page.clock.setFixedTime(new Date('2020-01-01'));
    await open('/tasks');
    await addTask(page, 'Before');
    const old = tokens.at(-1) ?? '';
    await expectExpired(old);

    complaints.expect(/^401 \w+ \/api\//);
    await addTask(page, 'After');
    await taskBox(page, 'Before').check();
    await expectCounts(page, 1, 1);
    await eventually(async () => (await person.tasks.countTasks()).completed).toBe(1);
    expect(await storedTitles(person)).toEqual(['After', 'Before']);
    expect(tokens.at(-1)).not.toBe(old);
  });

  test('with a running clock, it is renewed before it is rejected', async () => {
    const person = await newPerson(stage.app);
    const { page, open, context } = await stage.visitor({ person });
    const tokens = recordTokens(context);
    await open('/tasks');
    await addTask(page, 'One');
    await eventually(() => tokens.length).toBeGreaterThan(0);
    const old = tokens.at(-1) ?? '';
    await expectExpired(old);
    await addTask(page, 'Two');
    await eventually(() => tokens.at(-1)).not.toBe(old);
    await expectTitles(page, ['Two', 'One']);
  });
});

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();
  /** Tests of key rotation use this one. */
  const ownStage = useStage(startTestApplication);

  test('a key rotation does not disturb a signed-in user', async () => {
    const person = await newPerson(ownStage.app);
    const { page, open, context } = await ownStage.visitor({ person });
    const tokens = recordTokens(context);
    await open('/tasks');
    await addTask(page, 'Under the first key');
    await administer(
      ownStage.app.databaseUrl,
      `update auth.jwks set "createdAt" = "createdAt" - interval '31 days',
         "expiresAt" = "expiresAt" - interval '31 days'`,
    );
    // The old token stays valid, and a reloaded page gets one that is signed with the new key.
    const completed = page.waitForResponse(
      (response) => response.url().endsWith('/complete') && response.ok(),
    );
    await taskBox(page, 'Under the first key').check();
    await expectCounts(page, 0, 1);
    // The page shows a change before the response. A reload would cancel the request.
    await completed;
    await page.reload();
    await expectTitles(page, ['Under the first key']);
    await addTask(page, 'Under the second key');
    await expectCounts(page, 1, 1);
    expect(new Set(tokens.map(kidOf)).size).toBe(2);
    expect(await storedTitles(person)).toEqual(['Under the second key', 'Under the first key']);
  });

  test('a task that is added after the session has ended is sent after signing in, which returns to the same view', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Before']);
    const { page, complaints, open } = await stage.visitor({ person });
    complaints.allow(/^401 GET \/api\/auth\/token$/);
    await page.clock.install();
    await open('/tasks?status=pending&sort=title');
    await expectTitles(page, ['Before']);
    await callAuth(stage.app, '/sign-out', { body: {}, cookies: person.cookies });
    // The refetch that needs the next token redirects to the sign-in page, so hold it until the task is added.
    const added = Promise.withResolvers<undefined>();
    await page.route('**/api/auth/token', async (route) => {
      await added.promise;
      await route.continue();
    });
    await page.clock.fastForward('16:00');
    await newTask(page).fill('After');
    await newTask(page).press('Enter');
    added.resolve(undefined);
    await page.waitForURL(/\/sign-in\?next=/);
    expect(page.url()).toContain(encodeURIComponent('/tasks?status=pending&sort=title'));
    await signIn(page, person);
    await page.waitForURL('/tasks?status=pending&sort=title');
    // The view is sorted by title.
    await expectTitles(page, ['After', 'Before']);
    await expectCounts(page, 2, 0);
    await page.reload();
    await expectTitles(page, ['After', 'Before']);
  });

  test('two tabs stay in sync, and signing out in one signs out both', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['One', 'Two']);
    const { page, context, open } = await stage.visitor({ person });
    await open('/tasks');
    const other = await context.newPage();
    await other.goto('/tasks');
    await expectTitles(other, ['Two', 'One']);

    await addTask(page, 'Three');
    await expectTitles(other, ['Three', 'Two', 'One']);
    await taskBox(other, 'Two').check();
    await eventually(() => taskBox(page, 'Two').isChecked()).toBe(true);
    await expectCounts(page, 2, 1);
    await page.getByRole('button', { name: 'Delete “One”' }).click();
    // The close button of a notice is hidden from screen readers until the notice has the focus or the pointer.
    await page.getByRole('button', { name: 'Close', includeHidden: true }).click();
    await expectTitles(other, ['Three', 'Two']);
    await expectCounts(other, 1, 1);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    await other.waitForURL(/\/sign-in/);
    await other.getByText('You signed out in another tab').waitFor();
  });

  test('tasks that are added offline in two tabs are created once', async () => {
    const person = await newPerson(stage.app);
    const { page, context, complaints, open } = await stage.visitor({ person });
    complaints.allow(/^net::ERR_/);
    await open('/tasks');
    const other = await context.newPage();
    await other.goto('/tasks');
    await expectCounts(page, 0, 0);
    await expectCounts(other, 0, 0);
    await context.setOffline(true);
    for (const [tab, title] of [
      [page, 'Here'],
      [other, 'There'],
    ] as const) {
      await newTask(tab).fill(title);
      await newTask(tab).press('Enter');
    }
    for (const tab of [page, other])
      await eventually(() => tab.getByText('Waiting to be sent').count()).toBe(2);
    await context.setOffline(false);
    for (const tab of [page, other]) await expectTitles(tab, ['There', 'Here']);
    expect(await storedTitles(person)).toEqual(['There', 'Here']);
  });

  test('signing out with unsent tasks asks for confirmation, and the next user does not see them', async () => {
    const [ada, bob] = [await newPerson(stage.app), await newPerson(stage.app, 'Bob')];
    const { page, context, complaints, open } = await stage.visitor({ person: ada });
    complaints.allow(/^net::ERR_/);
    await open('/tasks');
    await expectCounts(page, 0, 0);
    // The service stays unreachable, but signing out works.
    await context.route(/\/api\/(tasks|me)\b/, (route) => route.abort());
    await newTask(page).fill('Ada’s own');
    await newTask(page).press('Enter');
    await page.getByText('Waiting to be sent').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('One new task has not been sent yet').waitFor();
    await question.getByRole('button', { name: 'Stay signed in' }).click();
    await question.waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Sign out' }).click();
    await question.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    await context.unrouteAll();
    await signIn(page, bob);
    await page.waitForURL('/tasks');
    await expectCounts(page, 0, 0);
    expect(await page.getByText('Ada’s own').count()).toBe(0);
    expect(await storedTitles(bob)).toEqual([]);
    const anywhere = `select 1 from tasks where title = 'Ada’s own'`;
    expect(await administer(stage.app.databaseUrl, anywhere)).toEqual([]);
  });
});

/** Records the tokens that a browser sends to the service. */
function recordTokens(context: BrowserContext): string[] {
  const tokens: string[] = [];
  context.on('request', (request) => {
    const [, token] = /^Bearer (.+)$/.exec(request.headers()['authorization'] ?? '') ?? [];
    if (token !== undefined) tokens.push(token);
  });
  return tokens;
}

const kidOf = (token: string) => decodeProtectedHeader(token).kid;
