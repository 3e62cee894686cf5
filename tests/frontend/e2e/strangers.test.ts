import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { newPerson, type Person } from './support/person.ts';
import { signIn, signOut } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { expectTitles } from './support/task-list.ts';

const SECRET_TITLE = 'A present for Bob';
/** Text that would run scripts if it were inserted as HTML. */
const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>&lt;b&gt;';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** Two users, each with a task. Returns the task of the first one. */
  const both = async () => {
    const [ada, bob] = await Promise.all([
      newPerson(stage.app, 'Ada'),
      newPerson(stage.app, 'Bob'),
    ]);
    const task = await ada.tasks.createTask({ body: { title: SECRET_TITLE } });
    await bob.tasks.createTask({ body: { title: 'Bread' } });
    return { ada, bob, task };
  };

  test('two users see only their own tasks at the same time', async () => {
    const { ada, bob } = await both();
    const [hers, his] = await Promise.all([
      stage.visitor({ person: ada }),
      stage.visitor({ person: bob }),
    ]);
    await Promise.all([hers.open('/tasks'), his.open('/tasks')]);
    await expectTitles(hers.page, [SECRET_TITLE]);
    await expectTitles(his.page, ['Bread']);
    await his.open('/account');
    await his.page.getByText(bob.email).waitFor();
    expect(await his.page.content()).not.toContain(ada.email);
  });

  test('URLs with the id of another user or of their task show nothing of that user', async () => {
    const { ada, bob, task } = await both();
    const { page, complaints, open } = await stage.visitor({ person: bob });
    complaints.expect(/^404 GET \/tasks\//, /^404 GET \/account\//);
    for (const id of [ada.id, task.id]) {
      const names = ['id', 'user', 'user_id', 'task', 'cursor'];
      const query = `?${names.map((name) => `${name}=${id}`).join('&')}#${id}`;
      const expectNothingOf = async () => {
        expect(await page.content()).not.toContain(SECRET_TITLE);
        expect(await page.content()).not.toContain(ada.email);
      };
      await open(`/tasks${query}`);
      await expectTitles(page, ['Bread']);
      await expectNothingOf();
      await open(`/account${query}`);
      await page.getByText(bob.email).waitFor();
      await expectNothingOf();
      for (const path of ['/tasks', '/account']) {
        await open(`${path}/${id}`);
        await page.getByRole('heading', { name: 'Page not found' }).waitFor();
        await expectNothingOf();
      }
    }
  });

  test('the service rejects calls of a page with the ids of another user', async () => {
    const { ada, bob, task } = await both();
    const token = await bob.token();
    const { page, complaints, open } = await stage.visitor({ person: bob });
    complaints.expect(/^403 /, /^404 /);
    await open('/tasks');
    const send = (method: string, path: string) =>
      page.evaluate(
        async ({ url, method, token }) => {
          const response = await fetch(url, {
            method,
            headers: { Authorization: `Bearer ${token}` },
          });
          return { status: response.status, text: await response.text() };
        },
        { url: `${stage.app.serviceUrl.replace('127.0.0.1', 'localhost')}${path}`, method, token },
      );
    for (const [method, path, status] of [
      ['GET', `/api/${ada.id}/tasks`, 403],
      ['GET', `/api/${ada.id}/tasks/${task.id}`, 403],
      ['DELETE', `/api/${ada.id}/tasks/${task.id}`, 403],
      ['GET', `/api/tasks/${task.id}`, 404],
      ['DELETE', `/api/tasks/${task.id}`, 404],
      ['GET', `/api/${bob.id}/tasks/${task.id}`, 404],
    ] as const) {
      const received = await send(method, path);
      expect(received.status, `${method} ${path}`).toBe(status);
      expect(received.text).not.toContain(SECRET_TITLE);
    }
    expect(await titles(ada)).toEqual([SECRET_TITLE]);
  });

  test('the next user of a browser sees nothing of the previous one', async () => {
    const { ada, bob } = await both();
    const { page, open } = await stage.visitor();
    await open('/sign-in');
    await signIn(page, ada);
    await expectTitles(page, [SECRET_TITLE]);
    await signOut(page);
    expect(await storageOf(page)).not.toContain(ada.id);
    await signIn(page, bob);
    await expectTitles(page, ['Bread']);
    expect(await page.content()).not.toContain(SECRET_TITLE);
  });

  test('no token, password or session is stored where scripts can read it', async () => {
    const { ada } = await both();
    const { page, open } = await stage.visitor({ person: ada });
    await open('/tasks');
    await expectTitles(page, [SECRET_TITLE]);
    const stored = await storageOf(page);
    expect(stored).not.toMatch(/eyJ[\w-]+\.|password|secret/i);
    for (const value of ada.cookies.values())
      expect(stored).not.toContain(decodeURIComponent(value).split('.')[0]);
    expect(await page.content()).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });

  test('text that looks like HTML is shown as text', async () => {
    const eve = await newPerson(stage.app, MARKUP.slice(0, 90));
    await eve.tasks.createTask({ body: { title: MARKUP, description: MARKUP } });
    const { page, open, look } = await stage.visitor({ person: eve });
    page.on('dialog', () => {
      throw new Error('A script has run');
    });
    await open('/tasks');
    await expectTitles(page, [MARKUP]);
    await look('10-markup');
    await open('/account');
    await page.getByText(eve.name, { exact: true }).waitFor();
    expect(await page.locator('img[src=x]').count()).toBe(0);
  });
});

/** Everything that the browser stores for scripts of this origin, as text. */
function storageOf(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([localStorage, sessionStorage, document.cookie]));
}

async function titles({ tasks }: Person): Promise<string[]> {
  const { items } = await tasks.listTasks();
  return items.map(({ title }) => title);
}
