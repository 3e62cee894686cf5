import { NextRequest } from 'next/server';
import { afterEach, expect, test, vi } from 'vitest';
import nextConfig from '../../../../frontend/next.config.ts';
import { isBuiltScript } from '../../../../frontend/app/lib/security-policy.ts';

const valid = {
  NODE_ENV: 'production',
  BETTER_AUTH_SECRET: 'a secret that only the tests use',
  DATABASE_URL: 'postgres://localhost/tasks',
};

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The response to a request for a page, with these settings. */
async function visit(environment: Record<string, string>, headers: Record<string, string> = {}) {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  vi.resetModules();
  const { proxy } = await import('../../../../frontend/proxy.ts');
  return {
    proxy,
    response: await proxy(new NextRequest('http://localhost:3000/tasks?x=1', { headers })),
  };
}

function policyOf(response: Response): Map<string, string> {
  const policy = response.headers.get('Content-Security-Policy') ?? '';
  return new Map(
    policy.split('; ').map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

test('a page may only use its own scripts and styles, and may only call itself and the service', async () => {
  const { response } = await visit({ ...valid, TASKS_API_URL: 'https://tasks.example.com/v1' });
  const nonce = /'nonce-([A-Za-z0-9+/]{22}==)'/.exec(
    response.headers.get('Content-Security-Policy') ?? '',
  )?.[1];
  expect(Object.fromEntries(policyOf(response))).toEqual({
    'default-src': "'none'",
    'script-src': `'nonce-${nonce ?? '?'}' 'strict-dynamic'`,
    'style-src': `'self' 'nonce-${nonce ?? '?'}'`,
    'img-src': "'self'",
    'font-src': "'self'",
    'connect-src': "'self' https://tasks.example.com",
    'worker-src': "'self'",
    'manifest-src': "'self'",
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'object-src': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': 'default',
  });
  expect(response.headers.get('Cache-Control')).toBe('private, no-store');
  // Next.js takes the nonce from this header.
  expect(response.headers.get('x-middleware-request-content-security-policy')).toBe(
    response.headers.get('Content-Security-Policy'),
  );
});

test('every response has a new nonce, and none is taken from the request', async () => {
  const { proxy } = await visit(valid);
  const policies = new Set<string>();
  for (let count = 0; count < 50; count++) {
    const headers = { 'Content-Security-Policy': "script-src 'nonce-mine'" };
    const response = await proxy(new NextRequest('http://localhost:3000/tasks', { headers }));
    policies.add(response.headers.get('x-middleware-request-content-security-policy') ?? '');
  }
  expect(policies).toHaveLength(50);
  expect([...policies].join()).not.toContain('nonce-mine');
});

test('https is enforced', async () => {
  const { response } = await visit({ ...valid, BETTER_AUTH_URL: 'https://app.example.com' });
  expect(policyOf(response).has('upgrade-insecure-requests')).toBe(true);
  expect(response.headers.get('Strict-Transport-Security')).toMatch(/^max-age=31536000/);
  const { response: local } = await visit({ ...valid, BETTER_AUTH_URL: 'http://localhost:3000' });
  expect(policyOf(local).has('upgrade-insecure-requests')).toBe(false);
  expect(local.headers.get('Strict-Transport-Security')).toBeNull();
});

test('with the service on the same origin, a page may call no other origin', async () => {
  const { response } = await visit({ ...valid, TASKS_API_URL: '/' });
  expect(policyOf(response).get('connect-src')).toBe("'self'");
});

test('in development the policy allows only what the tools need', async () => {
  const { response } = await visit({ ...valid, NODE_ENV: 'development' });
  const policy = policyOf(response);
  expect(policy.get('script-src')).toMatch(/^'nonce-\S+' 'strict-dynamic' 'unsafe-eval'$/);
  expect(policy.get('style-src')).toBe("'self' 'unsafe-inline'");
  expect(policy.get('default-src')).toBe("'none'");
});

test('in the mock, a visitor is signed in once', async () => {
  vi.stubEnv('NODE_ENV', 'development');
  const { parseConfig } = await import('../../../../frontend/app/lib/config.ts');
  const { startAuth } = await import('../../../../frontend/app/lib/auth/start.ts');
  const running = await startAuth(parseConfig({ MOCK: 'true' }));
  const { proxy, response } = await visit({ NODE_ENV: 'development', MOCK: 'true' });
  expect(response.status).toBe(307);
  expect(response.headers.get('Location')).toBe('http://localhost:3000/tasks?x=1');
  const Cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const again = await proxy(
    new NextRequest('http://localhost:3000/tasks', { headers: { Cookie } }),
  );
  expect(again.headers.get('Location')).toBeNull();
  const session = await running.auth.api.getSession({ headers: new Headers({ Cookie }) });
  expect(session?.user).toMatchObject({ name: 'Alice', email: 'alice@example.com' });
});

test('every response has the security headers', async () => {
  const [rule] = (await nextConfig.headers?.()) ?? [];
  expect(rule?.source).toBe('/:path*');
  expect(
    Object.fromEntries(rule?.headers.map(({ key, value }) => [key, value]) ?? []),
  ).toMatchObject({
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  });
  expect(nextConfig.poweredByHeader).toBe(false);
});

test.each([
  ['/_next/static/chunks/a.js', true],
  ['/service-worker.js', true],
  ['/service-worker.js/../evil.js', false],
  ['http://localhost:3000/_next/static/chunks/a.js', true],
  ['https://evil.example/_next/static/chunks/a.js', false],
  ['//evil.example/_next/static/chunks/a.js', false],
  ['/_next/static/../../api/auth/token', false],
  ['/api/tasks', false],
  ['data:text/javascript,alert(1)', false],
  ['http://[', false],
])('%s is a script of the application: %s', (url, expected) => {
  expect(isBuiltScript(url, 'http://localhost:3000')).toBe(expected);
});

test.each([
  ['/', true],
  ['/tasks', true],
  ['/icons', true],
  ['/api', true],
  ['/api/nowhere', true],
  ['/api/auth', true],
  ['/api/authors', true],
  ['/healthz/more', true],
  ['/api/auth/token', false],
  ['/api/auth/nowhere', false],
  ['/healthz', false],
  ['/icon.svg', false],
  ['/manifest.webmanifest', false],
  ['/_next/static/chunks/a.js', false],
])('%s is handled as a page: %s', async (path, expected) => {
  const { config } = await import('../../../../frontend/proxy.ts');
  expect(new RegExp(`^${config.matcher.join('|')}$`).test(path)).toBe(expected);
});
