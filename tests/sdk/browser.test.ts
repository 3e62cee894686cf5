import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { createTasksClient, TasksClient, TasksError } from '@tasks-api/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumPath, launchChromium } from '../support/browser.ts';
import { expectBuiltClient } from '../support/built-client.ts';
import { startFaultyServer, type FaultyServer } from '../support/faulty-server.ts';
import { startMock } from '../support/mock.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { expiredTokenOf, tokenOf } from '../support/tokens.ts';

expectBuiltClient();

declare global {
  /** The globals of the test page. */
  var tasksApi: { createTasksClient: typeof createTasksClient };
  var tasks: TasksClient;
}

describe.runIf(chromiumPath !== undefined)('in a browser, on a page of another origin', () => {
  let service: TestService;
  let faulty: FaultyServer;
  let site: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: { contents: `export * from '@tasks-api/client'`, resolveDir: 'sdk' },
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'tasksApi',
    });
    const script = outputFiles[0]?.text ?? '';
    site = createServer(({ url }, response) => {
      if (url?.startsWith('/api/')) {
        response.writeHead(301, { Location: '/elsewhere' }).end();
        return;
      }
      response.setHeader('Content-Type', 'text/html');
      response.end(`<!doctype html><link rel="icon" href="data:,"><script>${script}</script>`);
    }).listen(0, '127.0.0.1');
    await once(site, 'listening');
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    service = await startTestService({ CORS_ORIGINS: origin });
    faulty = await startFaultyServer(service.url);
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(origin);
    const tokens = [await expiredTokenOf('alice'), await tokenOf('alice')];
    await page.evaluate(
      ({ baseUrl, tokens: [expired = '', fresh = ''] }) => {
        let calls = 0;
        const token = () => (calls++ === 0 ? expired : fresh);
        globalThis.tasks = globalThis.tasksApi.createTasksClient({ baseUrl, token });
      },
      { baseUrl: faulty.url, tokens },
    );
  });
  afterAll(async () => {
    await browser.close();
    await faulty.stop();
    await service.stop();
    site.close();
  });

  test('a task is created, changed conditionally, listed and deleted', async () => {
    const titles = await page.evaluate(async () => {
      const { tasks } = globalThis;
      const { id, etag } = await tasks.createTask({ body: { title: 'Buy milk' } });
      const path = { id };
      await tasks.patchTask({ path, body: { title: 'Buy oat milk' }, ifMatch: etag });
      const listed: string[] = [];
      for await (const task of tasks.allTasks()) listed.push(task.title);
      await tasks.deleteTask({ path });
      return listed;
    });
    expect(titles).toEqual(['Buy oat milk']);
  });

  test('a creation whose response is lost creates one task', async () => {
    faulty.faults.push('pass', 'lose the response');
    const count = await page.evaluate(async () => {
      await globalThis.tasks.createTask({ body: { title: 'Once' } });
      return (await globalThis.tasks.listTasks()).items.length;
    });
    expect(count).toBe(1);
  });

  test('a redirect is reported without a retry', async () => {
    const error = await page.evaluate(async () => {
      let requests = 0;
      const counted: typeof fetch = (...request) => {
        requests++;
        return fetch(...request);
      };
      const { createTasksClient } = globalThis.tasksApi;
      const tasks = createTasksClient({ baseUrl: '', token: () => 'any', fetch: counted });
      const error = await tasks.listTasks().catch((error: unknown) => error as TasksError);
      if (!(error instanceof Error)) throw new Error('not rejected');
      const { code, status, message } = error;
      return { code, status, message, requests };
    });
    expect(error).toEqual({
      code: 'unexpected-reply',
      status: undefined,
      message: 'Redirected to another URL, which the client does not follow; correct `baseUrl`',
      requests: 1,
    });
  });

  test('the mock server returns a list of tasks', async () => {
    const mock = await startMock();
    const titles = await page.evaluate(async (baseUrl) => {
      const tasks = globalThis.tasksApi.createTasksClient({ baseUrl, token: () => 'any' });
      return (await Array.fromAsync(tasks.allTasks())).map(({ title }) => title);
    }, mock.url);
    await mock.stop();
    expect(titles).toEqual(['Buy milk', 'Call Zoë 📞']);
  });
});
