import { readFile } from 'node:fs/promises';
import { escapeLiteral } from 'pg';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { administer } from '../../support/server.ts';
import { SERVICE_DOWN } from './support/complaints.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { callAuth, newPerson, newSession, PASSWORD, type Person } from './support/person.ts';
import { seedTasks } from './support/seed-tasks.ts';
import { expectFocus, fieldError } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { addTask, expectTitles } from './support/task-list.ts';
import type { Visitor } from './support/visitor.ts';

const OTHER_PASSWORD = 'staple of another kind';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /**
   * Opens the account page, which from then on requests nothing by itself: the end of a session revokes the tokens of all devices, so
   * a request at that moment would fail, and be noted as a complaint.
   */
  const openAccount = async ({ page, open }: Visitor) => {
    await page.addInitScript(() => {
      Object.assign(window, { setInterval: () => 0 });
    });
    const counts = page.waitForResponse((response) => response.url().endsWith('/task-counts'));
    await open('/account');
    await (await counts).finished();
  };

  /** Opens the account page in another browser, with a separate session. */
  const elsewhere = async (person: Person, userAgent: string) => {
    const cookies = await newSession(stage.app, person, userAgent);
    const visitor = await stage.visitor({ person: { ...person, cookies }, options: { userAgent } });
    await openAccount(visitor);
    return visitor;
  };

  test.each(devices)('the account page, on a $name', async (device) => {
    const person = await newPerson(stage.app);
    const { page, open, look } = await stage.visitor({ person, device });
    await open('/account');
    await page.getByText(person.email).waitFor();
    await look('20-account');
    await page.getByRole('button', { name: 'Delete account' }).click();
    await page.getByRole('dialog').waitFor();
    await look('21-account-delete');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await expectFocus(page.getByRole('button', { name: 'Delete account' }));

    await page.getByRole('radio', { name: 'Dark' }).check();
    await page.getByRole('button', { name: 'Appearance: dark. Switch to system' }).waitFor();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await eventually(background).toBe('rgb(16, 18, 22)');
  });

  test('signing out all other devices keeps this session, and the others redirect to the sign-in page', async () => {
    const person = await newPerson(stage.app);
    const visitor = await stage.visitor({ person });
    const { page } = visitor;
    const other = await elsewhere(
      person,
      'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0',
    );
    other.complaints.allow(/^401 \w+ \/api\//);
    await openAccount(visitor);
    const sessions = page.getByRole('region', { name: 'Active sessions' });
    await sessions.getByText('Firefox on Linux').waitFor();
    await sessions.getByText('This device').waitFor();
    await sessions.getByRole('button', { name: 'Sign out all other devices' }).click();
    await sessions.getByText('Firefox on Linux').waitFor({ state: 'hidden' });

    await other.page.getByRole('link', { name: 'Tasks' }).click();
    await other.page.waitForURL(/\/sign-in\?next=%2Ftasks/);
    await other.page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    await page.reload();
    await sessions.getByText('This device').waitFor();
  });

  test('after a sign-out elsewhere, the tasks page redirects when it needs the next token', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open } = await stage.visitor({ person });
    complaints.expect(/^401 GET \/api\/auth\/token$/);
    await page.clock.install();
    await open('/tasks');
    await addTask(page, 'Buy milk');
    await expectTitles(page, ['Buy milk']);
    await callAuth(stage.app, '/sign-out', { body: {}, cookies: person.cookies });
    // The page refetches its list, for which it needs a token.
    await page.clock.fastForward('16:00');
    await page.waitForURL(/\/sign-in\?next=%2Ftasks/);
    await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  });

  test('a single session can be ended', async () => {
    const person = await newPerson(stage.app);
    const visitor = await stage.visitor({ person });
    const { page } = visitor;
    const phone = await elsewhere(person, 'Mozilla/5.0 (iPhone) Safari/604.1');
    await elsewhere(person, 'Mozilla/5.0 (Windows NT 10.0) Chrome/150.0');
    await openAccount(visitor);
    // Sessions on devices of the same kind have different times.
    await eventually(() =>
      page.getByRole('listitem').filter({ hasText: 'Chrome on Windows' }).innerText(),
    ).toMatch(/Signed in \d.* \d+:\d\d/);
    await page.getByRole('button', { name: 'Sign out Safari on iPhone' }).click();
    await page.getByText('Safari on iPhone').waitFor({ state: 'hidden' });
    await page.getByText('Chrome on Windows').waitFor();
    await expectFocus(page.getByRole('list').filter({ hasText: 'This device' }));
    await phone.page.reload();
    await phone.page.waitForURL(/\/sign-in/);
  });

  test('changing the password invalidates the old one and ends all other sessions', async () => {
    const person = await newPerson(stage.app);
    const visitor = await stage.visitor({ person });
    const { page, complaints, look } = visitor;
    complaints.expect(/^400 POST \/api\/auth\/change-password$/);
    const other = await elsewhere(person, 'Mozilla/5.0 (iPhone) Safari/604.1');
    await openAccount(visitor);
    const [current, next] = [page.getByLabel('Current password'), page.getByLabel('New password')];
    const change = () => page.getByRole('button', { name: 'Change password' }).click();

    await current.fill('not the password');
    await next.fill('short');
    await change();
    await expectFocus(next);
    expect(await fieldError(next)).toContain('8 characters');

    await next.fill(OTHER_PASSWORD);
    await change();
    await eventually(() => fieldError(current)).toContain('password is incorrect');
    await expectFocus(current);
    await look('22-account-wrong-password');

    await current.fill(PASSWORD);
    await change();
    await page.getByText('Password changed').first().waitFor();
    expect(await current.inputValue()).toBe('');
    await other.page.reload();
    await other.page.waitForURL(/\/sign-in/);
    expect(await signInStatus(person.email, PASSWORD)).toBe(401);
    expect(await signInStatus(person.email, OTHER_PASSWORD)).toBe(200);
    // This browser stays signed in, with a new session.
    await page.reload();
    await page.getByText(person.email).waitFor();
  });

  test('the data download contains all data, but no password hash or session token', async () => {
    const person = await newPerson(stage.app);
    // More than one page of the service's export.
    const titles = Array.from({ length: 1234 }, (_, index) => `Task ${index}`);
    await seedTasks(stage.app, person, titles);
    const { page, open } = await stage.visitor({ person });
    await open('/account');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download my data' }).click();
    const path = await (await download).path();
    const text = await readFile(path, 'utf8');
    const data = JSON.parse(text) as {
      account: { id: string; email: string; name: string };
      sessions: object[];
      service: { user: { id: string }; tasks: { id: string; title: string }[] };
    };
    expect(data.account).toMatchObject({ id: person.id, email: person.email, name: person.name });
    expect(data.sessions).toHaveLength(1);
    expect(data.service.user.id).toBe(person.id);
    expect(data.service.tasks.map(({ title }) => title).toSorted()).toEqual(titles.toSorted());
    const [session = ''] = [...person.cookies.values()].map((value) => value.split('.')[0] ?? '');
    expect(text).not.toContain(session);
    expect(text).not.toMatch(/password|hash|eyJ/i);
  });

  describe('deleting the account', () => {
    const ownStage = useStage(startTestApplication);
    const openDialog = async (page: Page) => {
      await page.getByRole('button', { name: 'Delete account' }).click();
      return page.getByRole('dialog');
    };

    test('requires the password and deletes everything', async () => {
      const { app } = stage;
      const person = await newPerson(app);
      await person.tasks.createTask({ body: { title: 'Buy milk' }, idempotencyKey: 'one' });
      expect(await stored(person)).toEqual({
        tasks: 1,
        keys: 1,
        users: 1,
        accounts: 1,
        sessions: 1,
      });
      const { page, complaints, open, look } = await stage.visitor({ person });
      complaints.expect(/^400 POST \/api\/auth\/delete-user$/);
      await open('/account');
      const dialog = await openDialog(page);
      await dialog.getByLabel('Your password').fill('not the password');
      await dialog.getByRole('button', { name: 'Delete account' }).click();
      await eventually(() => fieldError(dialog.getByLabel('Your password'))).toContain(
        'password is incorrect',
      );
      await look('23-account-delete-wrong');
      expect(await stored(person)).toMatchObject({ tasks: 1, accounts: 1 });

      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Delete account' }).click();
      await page.waitForURL(/\/sign-in/);
      expect(await stored(person)).toEqual({
        tasks: 0,
        keys: 0,
        users: 0,
        accounts: 0,
        sessions: 0,
      });
      expect(await signInStatus(person.email, PASSWORD)).toBe(401);
      expect((await callAuth(app, '/token', { cookies: person.cookies })).status).toBe(401);
    });

    test('fails with a message while the service is down, and can be repeated', async () => {
      const { app } = ownStage;
      const person = await newPerson(app);
      await person.tasks.createTask({ body: { title: 'Buy milk' } });
      const { page, complaints, open, look } = await ownStage.visitor({ person });
      complaints.expect(/^503 POST \/api\/auth\/delete-user$/);
      complaints.allow(...SERVICE_DOWN);
      // A request in flight may arrive after the deletion.
      complaints.allow(/^401 GET \/api\//);
      await open('/account');
      const dialog = await openDialog(page);
      await dialog.getByText('your task').waitFor();
      await app.stopService();
      await dialog.getByLabel('Your password').fill(PASSWORD);
      await dialog.getByRole('button', { name: 'Delete account' }).click();
      await dialog.getByRole('alert').waitFor();
      expect(await dialog.getByRole('alert').innerText()).toMatch(/not deleted/);
      await look('24-account-delete-down');
      expect(await stored(person, app)).toMatchObject({ tasks: 1, accounts: 1 });

      await app.startService();
      await dialog.getByRole('button', { name: 'Delete account' }).click();
      await page.waitForURL(/\/sign-in/);
      expect(await stored(person, app)).toMatchObject({ tasks: 0, accounts: 0 });
    });
  });

  async function signInStatus(email: string, password: string): Promise<number> {
    return (await callAuth(stage.app, '/sign-in/email', { body: { email, password } })).status;
  }

  /** The numbers of rows that the database stores for a user. */
  async function stored({ id }: Person, app = stage.app) {
    const me = escapeLiteral(id);
    const [row] = await administer(
      app.databaseUrl,
      `select (select count(*)::int from tasks where user_id = ${me}) as tasks,
              (select count(*)::int from idempotency_keys where user_id = ${me}) as keys,
              (select count(*)::int from users where id = ${me}) as users,
              (select count(*)::int from auth.user where id = ${me}) as accounts,
              (select count(*)::int from auth.session where "userId" = ${me}) as sessions`,
    );
    return row;
  }
});
