import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../src/commands/free-port.ts';
import { startTestApplication } from '../../support/application.ts';
import { chromiumPath } from '../../support/browser.ts';
import { type OriginProxy, startOriginProxy } from '../../support/origin-proxy.ts';
import { useStage } from './support/stage.ts';
import { walkThrough } from './support/walk-through.ts';

/** Another host than the service's, on systems with more than one loopback address. */
const OTHER_HOST = '127.0.0.2';
const hasOtherHost = await freePort('APP_PORT', '0', OTHER_HOST, '').then(
  () => true,
  () => false,
);

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  describe.each([
    { scheme: 'http', secure: false },
    { scheme: 'https', secure: true },
  ])('behind one origin, over $scheme', ({ secure }) => {
    let proxy: OriginProxy;
    beforeAll(async () => {
      proxy = await startOriginProxy({ secure });
    });
    const stage = useStage(async () => {
      const environment = { BETTER_AUTH_URL: proxy.url, TASKS_API_URL: '/' };
      const app = await startTestApplication({ environment });
      proxy.forwardTo(app);
      return app;
    });
    afterAll(() => proxy.stop());

    test('all features work, and every request goes to that origin', async () => {
      const visitor = await stage.visitor();
      // Chromium registers no service worker with the certificate of the test, whatever its settings.
      visitor.complaints.allow(
        /^error: An SSL certificate error occurred when fetching the script\.$/,
      );
      const origins = new Set<string>();
      visitor.context.on('request', (request) => origins.add(new URL(request.url()).origin));
      await walkThrough(visitor);
      expect([...origins]).toEqual([proxy.url]);

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
      const port = await freePort('APP_PORT', '0', OTHER_HOST, '');
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
});
