import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { newPerson } from './support/person.ts';
import { useStage } from './support/stage.ts';
import { expectTitles } from './support/task-list.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium, a page of another site', () => {
  const stage = useStage();
  let evil: Server;
  let evilUrl: string;

  beforeAll(async () => {
    // By another host name of this machine, which is another site for browsers.
    evil = createServer((_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><link rel="icon" href="data:,"><title>A nice game</title>');
    }).listen(0, '127.0.0.1');
    await once(evil, 'listening');
    evilUrl = `http://127.0.0.1:${(evil.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    evil.closeAllConnections();
    evil.close();
  });

  /** A signed-in user with a task who opens that page. */
  const openEvilPage = async () => {
    const person = await newPerson(stage.app);
    await person.tasks.createTask({ body: { title: 'Buy milk' } });
    const visitor = await stage.visitor({ person });
    visitor.complaints.allow(
      /^foreign: /,
      /^error: Access to fetch .* blocked by CORS/,
      /^net::ERR_FAILED /,
    );
    await visitor.page.goto(evilUrl);
    const expectUnharmed = async () => {
      await visitor.open('/tasks');
      await expectTitles(visitor.page, ['Buy milk']);
    };
    return { ...visitor, person, expectUnharmed };
  };

  test.each([
    ['/api/auth/sign-out', 'text/plain', '{}'],
    ['/api/auth/sign-out', 'application/x-www-form-urlencoded', ''],
    ['/api/auth/delete-user', 'text/plain', '{"password":"correct horse battery"}'],
    ['/api/auth/revoke-other-sessions', 'text/plain', '{}'],
  ])('cannot submit a form to %s as %s', async (path, type, body) => {
    const { page, complaints, expectUnharmed } = await openEvilPage();
    complaints.expect(/^4\d\d POST \/api\/auth\//);
    const received = page.waitForResponse((response) => response.url().endsWith(path));
    await page.evaluate(
      ({ action, type, body }) => {
        const form = document.createElement('form');
        const field = document.createElement('input');
        // As `text/plain`, the body consists of the name, an equals sign and the value.
        [field.name, field.value] = [body.slice(0, -1), body.slice(-1)];
        Object.assign(form, { action, method: 'post', enctype: type });
        form.append(field);
        document.body.append(form);
        form.submit();
      },
      { action: stage.app.url + path, type, body },
    );
    expect((await received).status()).toBeGreaterThanOrEqual(400);
    await page.waitForURL(`**${path}`);
    await expectUnharmed();
  });

  test('cannot read a token, a page or the tasks', async () => {
    const { app } = stage;
    const { page, person, complaints, expectUnharmed } = await openEvilPage();
    complaints.allow(/^40[13] /);
    const serviceUrl = app.serviceUrl.replace('127.0.0.1', 'localhost');
    for (const url of [
      `${app.url}/api/auth/token`,
      `${app.url}/tasks`,
      `${serviceUrl}/api/tasks`,
    ]) {
      const read = await page.evaluate(
        ({ url, token }) =>
          fetch(url, {
            credentials: 'include',
            headers: url.includes('/api/tasks') ? { Authorization: `Bearer ${token}` } : {},
          }).then(
            (response) => response.text(),
            (error: unknown) => String(error),
          ),
        // Not even with a token.
        { url, token: await person.token() },
      );
      expect(read).toBe('TypeError: Failed to fetch');
    }
    await expectUnharmed();
  });

  test('cannot embed the application in a frame', async () => {
    const { page, complaints, expectUnharmed } = await openEvilPage();
    complaints.expect(/frame-ancestors 'none'/);
    complaints.allow(/^net::ERR_BLOCKED_BY_RESPONSE /);
    const blocked = page.waitForEvent('console', (message) =>
      message.text().includes('frame-ancestors'),
    );
    await page.evaluate((src) => {
      document.body.append(Object.assign(document.createElement('iframe'), { src }));
    }, `${stage.app.url}/sign-in`);
    await blocked;
    expect(await page.frameLocator('iframe').getByText('Welcome back').count()).toBe(0);
    await expectUnharmed();
  });
});
