import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { newUserDetails, newPerson, PASSWORD } from './support/person.ts';
import { useStage } from './support/stage.ts';
import { expectFocus, fillIn, signIn, signOut, signUp, fieldError } from './support/sign-in.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test.each(devices)(
    'a new visitor creates an account and sees an empty list, on a $name',
    async (device) => {
      const { page, open, look } = await stage.visitor({ device });
      await open('/');
      await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
      await look('01-sign-in');
      await page.getByRole('link', { name: 'Create an account' }).click();
      await page.getByRole('heading', { name: 'Create your account' }).waitFor();
      await look('02-sign-up');

      await signUp(page, newUserDetails());
      await page.waitForURL('/tasks');
      await page.getByText('No tasks yet').waitFor();
      await look('06-first-tasks');
    },
  );

  test('each mistake in the sign-up form is shown at its field, and the first one gets the focus', async () => {
    const { app } = stage;
    const { page, complaints, open, look } = await stage.visitor();
    const { email: taken } = await newPerson(app);
    complaints.expect(
      /^422 POST \/api\/auth\/sign-up\/email$/,
      /^400 POST \/api\/auth\/sign-up\/email$/,
    );
    await open('/sign-up');
    const [name, address, password] = [
      page.getByLabel('Name'),
      page.getByLabel('Email'),
      page.getByLabel('Password', { exact: true }),
    ];
    const send = () => page.getByRole('button', { name: 'Create account' }).click();

    await send();
    await expectFocus(name);
    for (const field of [name, address, password]) expect(await fieldError(field)).not.toBe('');
    await look('03-sign-up-empty');

    const mistakes = [
      { wrong: { email: 'ada' }, field: address, message: 'name@example.com' },
      {
        wrong: { email: 'ada@a_b.example' },
        field: address,
        message: 'email address is not valid',
      },
      { wrong: { name: 'x'.repeat(101) }, field: name, message: '1 to 100 characters' },
      { wrong: { password: 'short' }, field: password, message: '8 characters or more' },
      { wrong: { password: 'x'.repeat(129) }, field: password, message: '128 characters or fewer' },
      { wrong: { password: 'password1234' }, field: password, message: 'too common' },
      { wrong: { password: 'augusta.byron1' }, field: password, message: 'your name or email' },
      {
        wrong: { email: taken },
        field: address,
        message: 'An account with this email already exists',
      },
    ];
    for (const { wrong, field, message } of mistakes) {
      await fillIn(page, { name: 'Ada', email: 'augusta.byron@example.com', ...wrong });
      await send();
      await eventually(() => fieldError(field)).toContain(message);
      await expectFocus(field);
      for (const other of [name, address, password])
        if (other !== field) expect(await fieldError(other)).toBe('');
    }
    await look('04-sign-up-taken');
    expect(new URL(page.url()).pathname).toBe('/sign-up');
    await page.getByRole('link', { name: 'Sign in instead' }).click();
    await page.waitForURL(/\/sign-in\?next=/);
  });

  test('the message for a wrong password does not reveal whether the account exists', async () => {
    const { email } = await newPerson(stage.app);
    const { page, complaints, open, look } = await stage.visitor();
    complaints.expect(/^401 POST \/api\/auth\/sign-in\/email$/);
    await open('/sign-in');
    const messages: string[] = [];
    for (const who of [email, 'unknown@example.com']) {
      await signIn(page, { email: who, password: 'not the password' });
      const alert = page.getByRole('alert').filter({ hasText: 'Incorrect' });
      await alert.waitFor();
      messages.push(await alert.innerText());
      await page.reload();
    }
    expect(messages[0]).toContain('Incorrect email or password');
    expect(messages[1]).toBe(messages[0]);
    await signIn(page, { email, password: 'not the password' });
    await page.getByText('Incorrect email or password').waitFor();
    await look('05-sign-in-wrong');
    await signIn(page, { email, password: PASSWORD });
    await page.waitForURL('/tasks');
  });

  test.each(['/tasks?status=completed', '/account'])('signing in returns to %s', async (path) => {
    const person = await newPerson(stage.app);
    const { page, open } = await stage.visitor();
    await open(path);
    await page.waitForURL(/\/sign-in\?/);
    await signIn(page, person);
    await page.waitForURL(path);
    // A signed-in user is redirected from the sign-in page.
    await open('/sign-in');
    await page.waitForURL('/tasks');
  });

  test.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)'])(
    'next=%s redirects to the tasks page',
    async (next) => {
      const person = await newPerson(stage.app);
      const { page, open } = await stage.visitor();
      await open(`/sign-in?next=${encodeURIComponent(next)}`);
      await signIn(page, person);
      await page.waitForURL('/tasks');
    },
  );

  test('after signing out, the back button shows nothing', async () => {
    const person = await newPerson(stage.app);
    await person.tasks.createTask({ body: { title: 'A private task' } });
    const { page, context, open } = await stage.visitor({ person });
    await open('/account');
    await page.getByText(person.email).waitFor();
    await open('/tasks');
    await page.getByText('A private task').waitFor();
    await signOut(page);
    expect((await context.cookies()).filter(({ name }) => name.includes('session'))).toEqual([]);
    await page.goBack();
    await page.waitForURL(/\/sign-in\?next=%2Faccount/);
    expect(await page.getByText(person.email).count()).toBe(0);
  });

  test('a form is busy until the next page is loaded, so that it is not sent twice', async () => {
    const person = await newPerson(stage.app);
    const { page, open } = await stage.visitor();
    await page.addInitScript(() => {
      const { pathname } = window.location;
      new MutationObserver((changes) => {
        for (const { oldValue } of changes)
          sessionStorage.setItem(pathname, `${sessionStorage.getItem(pathname) ?? ''}${oldValue} `);
      }).observe(document, {
        subtree: true,
        attributeFilter: ['aria-busy'],
        attributeOldValue: true,
      });
    });
    await open('/sign-in');
    await signIn(page, person);
    await page.waitForURL('/tasks');
    // It became busy and did not change back.
    expect(await page.evaluate(() => sessionStorage.getItem('/sign-in'))).toBe('null ');
  });

  test('a timeout of the server is shown, and the form can be sent again', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open } = await stage.visitor();
    complaints.allow(/^net::ERR_ABORTED /);
    // Divides all timeouts by 20.
    await page.addInitScript(() => {
      const timeout = AbortSignal.timeout.bind(AbortSignal);
      AbortSignal.timeout = (milliseconds) =>
        timeout(window.name === 'patient' ? milliseconds : milliseconds / 20);
    });
    await open('/sign-in');
    await page.route('**/api/auth/sign-in/email', () => undefined);
    await signIn(page, person);
    await page.getByText('The service cannot be reached').waitFor();
    await page.unroute('**/api/auth/sign-in/email');
    await page.evaluate(() => {
      window.name = 'patient';
    });
    const { promise: seen, resolve: send } = Promise.withResolvers<undefined>();
    await page.route('**/api/auth/sign-in/email', async (route) => {
      await seen;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Sign in' }).click();
    // The error of the first attempt is not shown during the second one.
    await page.getByText('The service cannot be reached').waitFor({ state: 'hidden' });
    send(undefined);
    await page.waitForURL('/tasks');
  });

  test('a page of an older build asks the user to reload', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open } = await stage.visitor();
    complaints.allow(/^404 GET \/_next\/static\/chunks\//);
    await open('/sign-in');
    await page.waitForLoadState('networkidle');
    await page.route('**/_next/static/chunks/*.js', (route) => route.fulfill({ status: 404 }));
    await signIn(page, person);
    await page.getByText('This page may be out of date').waitFor();
  });

  test('an unknown URL shows a message with a link to the tasks', async () => {
    const person = await newPerson(stage.app);
    const { page, complaints, open, look } = await stage.visitor({ person });
    complaints.expect(/^404 GET \/nowhere$/);
    await open('/nowhere');
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
    await look('07-nowhere');
    await page.getByRole('link', { name: 'Go to your tasks' }).click();
    await page.waitForURL('/tasks');
  });

  test('without JavaScript the page shows a message, and the password is not in the URL', async () => {
    const { page, complaints, open } = await stage.visitor({
      options: { javaScriptEnabled: false },
    });
    // Without JavaScript, Chromium reports a policy violation for each script.
    complaints.allow(/^csp GET \/_next\/static\/.*\.js$/);
    await open('/sign-in');
    await page.getByText(/needs JavaScript/).waitFor();
    await signIn(page, { email: 'ada@example.com', password: PASSWORD });
    expect(page.url()).not.toContain('correct');
    expect(new URL(page.url()).search).toBe('');
  });
});
