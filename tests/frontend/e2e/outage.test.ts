import { afterEach, describe, expect, test } from 'vitest';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { createTestDatabase } from '../../support/database.ts';
import { type Proxy, startProxy } from '../../support/proxy.ts';
import { newPerson, type Person } from './support/person.ts';
import { useStage } from './support/stage.ts';

/** Much longer than the wait for the database, so that a busy machine has the time to render the pages. */
const TIMEOUT_MS = 60_000;

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  let proxy: Proxy;
  let restore: (() => Promise<void>) | undefined;
  const stage = useStage(async () => {
    const database = await createTestDatabase();
    proxy = await startProxy(database.url);
    return startTestApplication({ database: Promise.resolve({ ...database, url: proxy.url }) });
  });
  afterEach(async () => {
    await restore?.();
  });

  const request = async (path: string, { cookies }: Person) => {
    const response = await fetch(stage.app.frontendUrl + path, {
      headers: { Cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { path, status: response.status, html: await response.text() };
  };

  const stop = async (outage: 'down' | 'frozen') => {
    if (outage === 'down') await proxy.down();
    else proxy.freeze();
    restore = async () => {
      restore = undefined;
      if (outage === 'down') await proxy.up();
      else proxy.thaw();
    };
  };

  test.each(['down', 'frozen'] as const)(
    'while the database is %s, pages say so, or show their form',
    async (outage) => {
      const person = await newPerson(stage.app);
      const { page, open, complaints, look } = await stage.visitor({ person });
      await stop(outage);
      const responses = await Promise.all(
        ['/sign-in', '/sign-up', '/tasks', '/account', '/healthz'].map((path) =>
          request(path, person),
        ),
      );
      const [signIn, signUp, ...others] = responses;
      for (const form of [signIn, signUp]) {
        expect(form?.status).toBe(200);
        expect(form?.html).toContain('type="password"');
        expect(form?.html).not.toContain('Your session has ended');
      }
      expect(others.map(({ path, status }) => `${status} ${path}`)).toEqual([
        '500 /tasks',
        '500 /account',
        '503 /healthz',
      ]);

      complaints.expect(/^500 GET \/tasks$/, /^error: Error: .* React error #441;/);
      await open('/tasks');
      await page.getByRole('heading', { name: 'Temporarily unavailable' }).waitFor();
      await look('27-unavailable');
      await restore?.();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'Your tasks' }).waitFor();
    },
  );
});
