import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../src/commands/free-port.ts';
import { unusedPort } from '../../support/unused-port.ts';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { type OriginProxy, startOriginProxy } from '../../support/origin-proxy.ts';
import { hasOfflineCopy } from './support/browser-data.ts';
import { eventually } from './support/eventually.ts';
import { useStage } from './support/stage.ts';
import { walkThrough } from './support/walk-through.ts';

/** Another host than the service's, on systems with more than one loopback address. */
const OTHER_HOST = '127.0.0.2';
const hasOtherHost = await freePort('APP_PORT', '0', OTHER_HOST, '').then(
  () => true,
  () => false,
);

/** An application behind a proxy, through which the browser reaches frontend and service at one origin. */
function useStageBehindProxy(
  options: Parameters<typeof startOriginProxy>[0],
  settings: Readonly<Record<string, string>> = {},
) {
  let proxy: OriginProxy;
  beforeAll(async () => {
    proxy = await startOriginProxy(options);
  });
  const stage = useStage(async () => {
    const environment = { BETTER_AUTH_URL: proxy.url, TASKS_API_URL: '/', ...settings };
    const app = await startTestApplication({ environment });
    proxy.forwardTo(app);
    return app;
  });
  afterAll(() => proxy.stop());
  return { stage, origin: () => proxy.url };
}

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  describe.each([
    { scheme: 'http', secure: false },
    { scheme: 'https', secure: true },
  ])('behind one origin, over $scheme', ({ secure }) => {
    const { stage, origin } = useStageBehindProxy({ secure });

    test('all features work, and every request goes to that origin', async () => {
      const visitor = await stage.visitor();
      // Chromium registers no service worker with the certificate of the test, whatever its settings.
      visitor.complaints.allow(
        /^error: An SSL certificate error occurred when fetching the script\.$/,
        /^net::ERR_CERT_AUTHORITY_INVALID GET \/service-worker\.js$/,
      );
      const origins = new Set<string>();
      visitor.context.on('request', (request) => origins.add(new URL(request.url()).origin));
      await walkThrough(visitor);
      expect([...origins]).toEqual([origin()]);

      const { headers } = await visitor.context.request.get('/sign-in').then((response) => ({
        headers: response.headers(),
      }));
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toContain("connect-src 'self';");
      expect(policy.includes('upgrade-insecure-requests')).toBe(secure);
      expect('strict-transport-security' in headers).toBe(secure);
      const cookies = await visitor.context.cookies();
      const session = cookies.filter(({ name }) => name.includes('session'));
      expect(session.length).toBeGreaterThan(0);
      for (const cookie of session) {
        expect(cookie).toMatchObject({ secure, httpOnly: true, sameSite: 'Lax' });
        expect(cookie.name.startsWith('__Secure-')).toBe(secure);
      }
    });

    test('the documentation of the service is available', async () => {
      const { page } = await stage.visitor();
      const response = await page.request.get('/openapi.json');
      expect(response.status()).toBe(200);
    });
  });

  describe.runIf(hasOtherHost)('with the frontend on another host than the service', () => {
    const stage = useStage(async () => {
      const port = await unusedPort(OTHER_HOST);
      return startTestApplication({
        host: OTHER_HOST,
        environment: {
          APP_PORT: String(port),
          BETTER_AUTH_URL: `http://${OTHER_HOST}:${port}`,
          BETTER_AUTH_JWKS_URL: `http://${OTHER_HOST}:${port}/api/auth/jwks`,
        },
      });
    });

    test('all features work', async () => {
      await walkThrough(await stage.visitor());
    });
  });

  describe('below a path', () => {
    const prefix = '/todo';
    const build = { NEXT_DIST_DIR: '.next-below-path' };
    const { stage, origin } = useStageBehindProxy({ prefix }, build);

    test('all features work, and every URL and cookie has that path', async () => {
      const visitor = await stage.visitor();
      const { context, page, complaints } = visitor;
      complaints.allow(/^net::ERR_INTERNET_DISCONNECTED /, /^401 GET .*\/api\/auth\/token$/);
      const outside = new Set<string>();
      context.on('request', (request) => {
        if (!request.url().startsWith(`${origin()}/`)) outside.add(request.url());
      });
      await walkThrough(visitor);
      expect((await context.cookies()).map(({ path }) => path)).not.toContain('/');

      await eventually(() => hasOfflineCopy(page)).toBe(true);
      await context.setOffline(true);
      await page.reload();
      await page.getByRole('checkbox', { name: 'Call Zoë' }).waitFor();
      await context.setOffline(false);

      await page.getByRole('link', { name: 'Account' }).click();
      await page.waitForURL(`${origin()}/account`);
      await context.clearCookies();
      await page.reload();
      await page.waitForURL(`${origin()}/sign-in?next=%2Faccount`);
      expect([...outside]).toEqual([]);
    });

    test('the manifest and the links of the service have that path', async () => {
      const { page, open } = await stage.visitor();
      await open('/sign-in');
      const manifest = await page.request.get(`${origin()}/manifest.webmanifest`);
      expect(await manifest.json()).toMatchObject({
        start_url: `${prefix}/tasks`,
        icons: [{ src: `${prefix}/icon.svg` }],
      });
      const contract = await page.request.get(`${origin()}/openapi.json`);
      expect(await contract.json()).toMatchObject({ servers: [{ url: origin() }] });
    });
  });
});
