import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FrontendAuth, PASSWORD, startFrontendAuth } from '../../support/frontend-auth.ts';

const POSTS = [
  '/sign-in/email',
  '/sign-up/email',
  '/sign-out',
  '/change-password',
  '/delete-user',
  '/revoke-session',
  '/revoke-other-sessions',
];
const GETS = ['/get-session', '/list-sessions', '/token', '/jwks'];

let app: FrontendAuth;
let alice: Awaited<ReturnType<FrontendAuth['signUp']>>;

beforeAll(async () => {
  app = await startFrontendAuth();
  alice = await app.signUp('alice');
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

describe('a request from another origin', () => {
  test.each(POSTS)('to %s is rejected', async (path) => {
    for (const Origin of ['https://evil.example', 'null', `${app.url}.evil.example`, '']) {
      const response = await alice.call(path, { body: {}, headers: { Origin } });
      expect(response, Origin).toMatchObject({ status: 403 });
      expect(response.body['code'], Origin).toMatch(/^(INVALID_ORIGIN|MISSING_OR_NULL_ORIGIN)$/);
    }
    expect((await alice.call('/token')).status).toBe(200);
  });

  test('cannot sign in a visitor, neither by fetch nor by a form', async () => {
    const body = new URLSearchParams({ email: alice.email, password: PASSWORD }).toString();
    const signIn = (headers: Record<string, string>) =>
      fetch(`${app.url}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
      });
    const others = [
      { Origin: 'https://evil.example' },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' },
    ];
    for (const headers of others) {
      const response = await signIn(headers);
      expect(response.status).toBe(403);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
    expect((await signIn({ Origin: app.url })).status).toBe(200);
  });

  test('is not allowed to read the response', async () => {
    const { headers } = await alice.call('/token', { headers: { Origin: 'https://evil.example' } });
    expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
  });
});

test('localhost and 127.0.0.1 are the same origin', async () => {
  const Origin = app.url.replace('127.0.0.1', 'localhost');
  expect((await app.signUp('bob')).id).toBeTypeOf('string');
  const body = { email: alice.email, password: PASSWORD };
  expect((await app.call('/sign-in/email', { body, headers: { Origin } })).status).toBe(200);
});

test('only the endpoints that the application uses are available', async () => {
  const endpoints = Object.values(app.auth.api) as unknown as readonly Endpoint[];
  const open: string[] = [];
  for (const { path, options } of endpoints) {
    if (path === undefined || options?.metadata?.SERVER_ONLY === true) continue;
    for (const method of [options?.method ?? []].flat()) {
      const body = method === 'GET' ? {} : { body: {} };
      const url = path.replace(/:\w+/, 'x');
      const response = await app.call(url, { method, ...body });
      if (response.body['code'] !== 'NOT_FOUND') open.push(path);
    }
  }
  expect([...new Set(open)].toSorted()).toEqual([...POSTS, ...GETS].toSorted());
});

interface Endpoint {
  readonly path?: string;
  readonly options?: {
    readonly method?: string | readonly string[];
    readonly metadata?: { readonly SERVER_ONLY?: boolean };
  };
}

describe('a new account', () => {
  const valid = { name: 'Carol', email: 'carol@example.com', password: PASSWORD };

  test.each([
    [{ name: '  ' }, 'INVALID_NAME'],
    [{ name: 'x'.repeat(101) }, 'INVALID_NAME'],
    [{ name: 'Carol\u0007' }, 'INVALID_NAME'],
    [{ name: 'Carol\u0000' }, 'INVALID_TEXT'],
    [{ name: 7 }, 'INVALID_NAME'],
    [{ email: 'carol' }, 'INVALID_EMAIL'],
    [{ email: `${'c'.repeat(250)}@example.com` }, 'INVALID_EMAIL'],
    [{ password: 'short' }, 'PASSWORD_TOO_SHORT'],
    [{ password: 'x'.repeat(129) }, 'PASSWORD_TOO_LONG'],
    [{ password: 'password123' }, 'PASSWORD_TOO_COMMON'],
    [{ password: 'carol@example.com' }, 'PASSWORD_IS_PERSONAL'],
    [{ image: 'https://evil.example/x.png' }, 'FIELD_NOT_ALLOWED'],
    [{ emailVerified: true }, 'FIELD_NOT_ALLOWED'],
    [{ callbackURL: 'https://evil.example' }, 'INVALID_CALLBACK_URL|FIELD_NOT_ALLOWED'],
  ])('is rejected with %j', async (change, code) => {
    const response = await app.call('/sign-up/email', { body: { ...valid, ...change } });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(404);
    expect(response.body['code']).toMatch(new RegExp(`^(${code})$`));
    expect(await app.rows(`select 1 from auth."user" where email like 'c%'`)).toEqual([]);
  });

  test('has a trimmed name and a lower-case email', async () => {
    const body = { ...valid, name: ' Dave Döner ', email: 'Dave@Example.com' };
    const response = await app.call('/sign-up/email', { body });
    expect(response.body['user']).toMatchObject({ name: 'Dave Döner', email: 'dave@example.com' });
  });

  test('cannot have the email of an existing account', async () => {
    const body = { ...valid, email: alice.email.toUpperCase() };
    expect(await app.call('/sign-up/email', { body })).toMatchObject({
      status: 422,
      body: { code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL' },
    });
  });
});

test('changing the password has the same rules as signing up', async () => {
  const change = (newPassword: string) =>
    alice.call('/change-password', { body: { currentPassword: PASSWORD, newPassword } });
  expect((await change('Qwerty123')).body).toMatchObject({ code: 'PASSWORD_TOO_COMMON' });
  expect((await change('alice1234')).body).toMatchObject({ code: 'PASSWORD_IS_PERSONAL' });
});
