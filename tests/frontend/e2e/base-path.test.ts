import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builtPath, startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { type OriginProxy, startOriginProxy } from '../../support/origin-proxy.ts';
import { hasOfflineCopy } from './support/browser-data.ts';
import { eventually } from './support/eventually.ts';
import { useStage } from './support/stage.ts';
import { walkThrough } from './support/walk-through.ts';

/** A path only with the build of `make base-path-check`. */
const prefix = builtPath();

describe.runIf(chromiumPath !== undefined && prefix !== '')('behind a proxy, below a path', () => {
  let proxy: OriginProxy;
  beforeAll(async () => {
    proxy = await startOriginProxy({ prefix });
  });
  const stage = useStage(async () => {
    const environment = { BETTER_AUTH_URL: proxy.url, TASKS_API_URL: '/' };
    const app = await startTestApplication({ environment });
    proxy.forwardTo(app);
    return app;
  });
  afterAll(() => proxy.stop());

  test('all features work, and every URL and cookie has that path', async () => {
    const visitor = await stage.visitor();
    const { context, page, complaints } = visitor;
    complaints.allow(/^net::ERR_INTERNET_DISCONNECTED /, /^401 GET .*\/api\/auth\/token$/);
    const outside = new Set<string>();
    context.on('request', (request) => {
      if (!request.url().startsWith(`${proxy.url}/`)) outside.add(request.url());
    });
    await walkThrough(visitor);
    expect((await context.cookies()).map(({ path }) => path)).not.toContain('/');

    await eventually(() => hasOfflineCopy(page)).toBe(true);
    await context.setOffline(true);
    await page.reload();
    await page.getByRole('checkbox', { name: 'Call Zoë' }).waitFor();
    await context.setOffline(false);

    await page.getByRole('link', { name: 'Account' }).click();
    await page.waitForURL(`${proxy.url}/account`);
    await context.clearCookies();
    await page.reload();
    await page.waitForURL(`${proxy.url}/sign-in?next=%2Faccount`);
    expect([...outside]).toEqual([]);
  });

  test('the manifest and the links of the service have that path', async () => {
    const { page, open } = await stage.visitor();
    await open('/sign-in');
    const manifest = await page.request.get(`${proxy.url}/manifest.webmanifest`);
    expect(await manifest.json()).toMatchObject({
      start_url: `${prefix}/tasks`,
      icons: [{ src: `${prefix}/icon.svg` }],
    });
    const contract = await page.request.get(`${proxy.url}/openapi.json`);
    expect(await contract.json()).toMatchObject({ servers: [{ url: proxy.url }] });
  });
});
