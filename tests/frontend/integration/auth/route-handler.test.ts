import { Client } from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { type FrontendAuth, PASSWORD, startFrontendAuth } from '../../support/frontend-auth.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** Less than two timeouts of five seconds. */
const TOO_LONG_MS = 9000;
const wrong = { email: 'alice@example.com', password: 'a wrong horse battery' };

test('a request body over the limit is rejected', async () => {
  await using app = await startFrontendAuth();
  const send = (body: BodyInit) =>
    fetch(`${app.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: app.url },
      body,
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    });
  const text = JSON.stringify({ ...wrong, more: 'x'.repeat(17_000) });
  for (const body of [text, new Blob([text]).stream()]) {
    const response = await send(body);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  }
  expect((await send(JSON.stringify(wrong))).status).toBe(401);
});

test('responses must not be cached', async () => {
  await using app = await startFrontendAuth();
  const alice = await app.signUp('alice');
  for (const path of ['/token', '/get-session', '/list-sessions', '/nowhere']) {
    expect((await alice.call(path)).headers.get('Cache-Control'), path).toMatch(/no-store/);
  }
});

test('attempts are rate limited, also with forged client addresses', async () => {
  await using app = await startFrontendAuth({ AUTH_RATE_LIMIT: '3' });
  const attempt = (index: number, password = wrong.password) =>
    app.call('/sign-in/email', {
      body: { ...wrong, password },
      headers: {
        'X-Forwarded-For': `192.0.2.${index}`,
        'X-Client-Address': `192.0.2.${index}`,
        'X-Real-IP': `192.0.2.${index}`,
      },
    });
  await app.signUp('alice');
  for (let index = 0; index < 3; index++) expect((await attempt(index)).status).toBe(401);
  const response = await attempt(4, PASSWORD);
  expect(response).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS' } });
  const seconds = Number(response.headers.get('Retry-After'));
  expect(seconds).toBeGreaterThan(0);
  expect(seconds).toBeLessThanOrEqual(60);

  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
  expect((await attempt(5, PASSWORD)).status).toBe(200);
});

test('each endpoint that takes a password has a rate limit of its own', async () => {
  await using app = await startFrontendAuth({ AUTH_RATE_LIMIT: '1' });
  const alice = await app.signUp('alice');
  const { password } = wrong;
  const attempt = async (path: string, body: object) => (await alice.call(path, { body })).status;
  expect(await attempt('/sign-up/email', { ...wrong, name: 'alice' })).toBe(429);
  for (const [path, body, status] of [
    ['/sign-in/email', wrong, 401],
    ['/change-password', { currentPassword: password, newPassword: PASSWORD }, 400],
    ['/delete-user', { password }, 400],
  ] as const) {
    expect(await attempt(path, body), path).toBe(status);
    expect(await attempt(path, body), path).toBe(429);
  }
});

test('behind trusted proxies, the rate limit is for the address before them', async () => {
  await using app = await startFrontendAuth({
    AUTH_RATE_LIMIT: '2',
    TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8',
  });
  const attempt = async (forwarded: string) => {
    const headers = { 'X-Forwarded-For': forwarded };
    return (await app.call('/sign-in/email', { body: wrong, headers })).status;
  };
  expect(await attempt('192.0.2.1')).toBe(401);
  expect(await attempt('192.0.2.1, 10.0.0.7')).toBe(401);
  expect(await attempt('198.51.100.9, 192.0.2.1')).toBe(429);
  expect(await attempt('192.0.2.2')).toBe(401);
  expect(await app.rows('select count from auth."rateLimit" order by count')).toEqual([
    { count: 1 },
    { count: 2 },
  ]);
});

/** Sends one request to each endpoint, and expects the same response from all. */
async function expectUnavailable({ call, email }: Awaited<ReturnType<FrontendAuth['signUp']>>) {
  const password = { password: PASSWORD };
  const bodies = {
    '/sign-in/email': { email, ...password },
    '/sign-up/email': { name: 'bob', email: 'bob@example.com', ...password },
    '/sign-out': {},
    '/change-password': { currentPassword: PASSWORD, newPassword: 'a new horse battery' },
    '/revoke-session': { token: 'x' },
    '/revoke-other-sessions': {},
    '/delete-user': password,
  };
  const gets = ['/token', '/get-session', '/list-sessions', '/jwks'];
  const calls = [...gets.map((path) => [path] as const), ...Object.entries(bodies)];
  await Promise.all(
    calls.map(async ([path, body]) => {
      const response = await call(path, { body, signal: AbortSignal.timeout(TOO_LONG_MS) });
      expect(response, path).toMatchObject({
        status: 503,
        body: { code: 'UNAVAILABLE', message: 'Accounts are temporarily unavailable' },
      });
      expect(Object.keys(response.body), path).toEqual(['code', 'message']);
      expect(response.headers.get('Retry-After'), path).toBe('2');
      expect(response.headers.getSetCookie(), path).toEqual([]);
    }),
  );
}

test('without its database it responds with 503, and ends no session', async () => {
  await using app = await startFrontendAuth();
  const alice = await app.signUp('alice');
  await app.cutDatabase();
  await expectUnavailable(alice);
});

test('while its database does not respond, it responds with 503 after five seconds in total', async () => {
  await using app = await startFrontendAuth();
  const alice = await app.signUp('alice');
  app.freezeDatabase();
  try {
    await expectUnavailable(alice);
  } finally {
    app.thawDatabase();
  }
  expect((await alice.call('/token')).status).toBe(200);
});

test('a sign-up that has waited too long for the database is undone', async () => {
  await using app = await startFrontendAuth({ DATABASE_POOL_SIZE: '1' });
  const body = { name: 'alice', email: 'alice@example.com', password: PASSWORD };
  const blocker = new Client(app.databaseUrl);
  await blocker.connect();
  try {
    await blocker.query('begin; lock table auth.account');
    const response = await app.call('/sign-up/email', { body });
    expect(response).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
  } finally {
    await blocker.end();
  }
  expect((await app.call('/sign-up/email', { body })).status).toBe(200);
  expect(await app.rows('select name from auth."user"')).toEqual([{ name: 'alice' }]);
});

test('a session that cannot be read is not ended', async () => {
  await using app = await startFrontendAuth();
  const alice = await app.signUp('alice');
  await app.rows('alter table auth.session rename to elsewhere');
  expect(await alice.call('/token')).toMatchObject({
    status: 500,
    body: { code: 'INTERNAL_SERVER_ERROR' },
  });
  await app.rows('alter table auth.elsewhere rename to session');
  expect((await alice.call('/token')).status).toBe(200);
});

test('requests of pages of other origins do not count', async () => {
  await using app = await startFrontendAuth({ AUTH_RATE_LIMIT: '2' });
  await app.signUp('alice');
  for (let attempt = 0; attempt < 5; attempt++) {
    const response = await fetch(`${app.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: {
        'Content-Type': 'text/plain',
        Origin: attempt % 2 ? 'null' : 'https://evil.example',
      },
      body: '{}',
    });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'INVALID_ORIGIN' });
  }
  // Such as images.
  for (let attempt = 0; attempt < 5; attempt++)
    expect((await fetch(`${app.url}/api/auth/sign-in/email`)).status).toBe(404);
  expect((await app.call('/sign-in/email', { body: wrong })).status).toBe(401);
});
