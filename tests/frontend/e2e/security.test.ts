import { beforeAll, describe, expect, inject, test } from 'vitest';
import type { TestApplication } from '../../support/application.ts';
import { SECRET } from '../../support/tokens.ts';
import { callAuth, newPerson, type Person } from './support/person.ts';

const OPEN = ['/sign-in', '/sign-up', '/nowhere'];
const SIGNED_IN = ['/tasks', '/account'];

let app: TestApplication;
let ada: Person;

beforeAll(async () => {
  app = inject('application');
  ada = await newPerson(app);
});

const load = (path: string, cookies: Person['cookies'] = new Map()) =>
  fetch(app.frontendUrl + path, {
    redirect: 'manual',
    headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
  });

describe.each([
  ...OPEN.map((path) => ({ path, who: () => undefined })),
  ...SIGNED_IN.map((path) => ({ path, who: () => ada })),
])('$path', ({ path, who }) => {
  const open = () => load(path, who()?.cookies);

  test('allows only its own resources and the service', async () => {
    const { headers } = await open();
    const policy = policyOf(headers);
    const nonce = nonceOf(headers);
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': `'nonce-${nonce}' 'strict-dynamic'`,
      'style-src': `'self' 'nonce-${nonce}'`,
      'img-src': "'self'",
      'font-src': "'self'",
      'connect-src': `'self' ${app.serviceUrl.replace('127.0.0.1', 'localhost')}`,
      'form-action': "'self'",
      'frame-ancestors': "'none'",
      'base-uri': "'none'",
      'object-src': "'none'",
      'require-trusted-types-for': "'script'",
    });
    expect(JSON.stringify(policy)).not.toMatch(/unsafe-|https?:(?!\/\/localhost)|\*|data:|blob:/);
  });

  test('has the security headers and must not be cached', async () => {
    const { headers } = await open();
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers.get('cache-control')).toMatch(/^private, .*no-store/);
    expect(headers.get('permissions-policy')).toContain('camera=()');
    // Over http it would lock users out of a server without https.
    expect(headers.has('strict-transport-security')).toBe(false);
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
  });

  test('has the nonce of the response in each script, and no inline handlers or styles', async () => {
    const response = await open();
    const html = await response.text();
    const scripts = [...html.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
    expect(scripts.length).toBeGreaterThan(0);
    for (const tag of scripts) expect(tag).toContain(`nonce="${nonceOf(response.headers)}"`);
    const markup = html.replaceAll(/<script\b[\s\S]*?<\/script>/g, '');
    expect(markup).not.toMatch(/<[^>]+\s(on\w+|style)=/i);
    expect(markup).not.toMatch(/(src|href)="(https?:)?\/\//);
  });

  test('has a new nonce in each response', async () => {
    const nonces = await Promise.all(Array.from({ length: 5 }, open)).then((responses) =>
      responses.map(({ headers }) => nonceOf(headers)),
    );
    expect(new Set(nonces).size).toBe(nonces.length);
    for (const nonce of nonces)
      expect(Buffer.from(nonce, 'base64').length).toBeGreaterThanOrEqual(16);
  });

  test('contains no secret', async () => {
    const html = await open().then((response) => response.text());
    for (const secret of [SECRET, ada.password, app.databaseUrl, ...ada.cookies.values()]) {
      expect(html).not.toContain(secret);
      expect(html).not.toContain(decodeURIComponent(secret));
    }
    expect(html).not.toMatch(/eyJ[\w-]+\.eyJ/);
  });
});

test.each(SIGNED_IN)('%s shows nothing without a session', async (path) => {
  for (const cookies of [new Map<string, string>(), forgedOf(ada)]) {
    const response = await load(`${path}?status=pending`, cookies);
    const html = await response.text();
    // A redirect, or the script that redirects if the page is being streamed.
    const [where] = /\/sign-in\?next=[\w%]*/.exec(response.headers.get('location') ?? html) ?? [];
    expect(where).toMatch(new RegExp(`=${encodeURIComponent(path)}`));
    expect(html).not.toContain(ada.email);
    expect(html).not.toContain('Sign out');
  }
});

test.each([
  '//evil.example',
  '/\\evil.example',
  'https://evil.example',
  'https:evil.example',
  '/%09/evil.example',
  '/\t/evil.example',
  '/..//evil.example',
  '/%2e%2e//evil.example',
  'javascript:alert(1)',
  'data:text/html,hello',
  '@evil.example',
  '/sign-in',
  '/api/auth/sign-out',
])('a signed-in user is redirected to the tasks page for next=%s', async (next) => {
  for (const page of ['/sign-in', '/sign-up']) {
    const received = await load(`${page}?next=${encodeURIComponent(next)}`, ada.cookies);
    expect(received.status).toBe(307);
    expect(received.headers.get('location')).toBe('/tasks');
  }
});

test('the session cookie is hidden from scripts and other sites', async () => {
  const received = await callAuth(app, '/sign-in/email', {
    body: { email: ada.email, password: ada.password },
  });
  const cookies = received.headers.getSetCookie();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatch(/; HttpOnly/i);
    expect(cookie).toMatch(/; SameSite=Lax/i);
    expect(cookie).toMatch(/; Path=\/(;|$)/i);
    expect(cookie).not.toMatch(/; Domain=/i);
  }
});

describe('a request from another site', () => {
  const posts = [
    ['/sign-out', {}],
    ['/revoke-other-sessions', {}],
    ['/change-password', { currentPassword: 'x', newPassword: 'another good password' }],
    ['/delete-user', { password: 'correct horse battery' }],
    ['/sign-in/email', { email: 'a@example.com', password: 'correct horse battery' }],
    [
      '/sign-up/email',
      { name: 'Eve', email: 'eve@example.com', password: 'correct horse battery' },
    ],
  ] as const;

  test.each(posts)('is rejected at %s', async (path, body) => {
    for (const origin of ['https://evil.example', 'null', `${app.url}.evil.example`]) {
      const received = await callAuth(app, path, { body, origin, cookies: ada.cookies });
      expect(received.status, origin).toBe(403);
      expect(received.headers.getSetCookie()).toEqual([]);
    }
  });

  test('is rejected as a form, which needs no CORS permission', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const received = await callAuth(app, '/sign-out', {
        body: {},
        origin: 'https://evil.example',
        cookies: ada.cookies,
        headers: { 'Content-Type': type, 'Sec-Fetch-Site': 'cross-site' },
      });
      expect(received.status, type).toBeGreaterThanOrEqual(400);
    }
  });

  test('cannot read a token', async () => {
    const received = await callAuth(app, '/token', {
      origin: 'https://evil.example',
      cookies: ada.cookies,
    });
    expect(received.headers.has('access-control-allow-origin')).toBe(false);
    expect(received.headers.get('cache-control')).toContain('no-store');
  });

  test('has changed nothing', async () => {
    expect((await callAuth(app, '/token', { cookies: ada.cookies })).status).toBe(200);
  });
});

function policyOf(headers: Headers): Record<string, string> {
  const directives = (headers.get('content-security-policy') ?? '').split('; ');
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = '', ...sources] = directive.split(' ');
      return [name, sources.join(' ')];
    }),
  );
}

function nonceOf(headers: Headers): string {
  const [, nonce = ''] = /'nonce-([^']+)'/.exec(headers.get('content-security-policy') ?? '') ?? [];
  expect(nonce).not.toBe('');
  return nonce;
}

/** The cookies of a forged session. */
function forgedOf({ cookies }: Person): Map<string, string> {
  return new Map(
    [...cookies].map(([name, value]) => [
      name,
      value.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')),
    ]),
  );
}
