import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expireKeys, SECRET, sessionData, startBetterAuth } from '../support/better-auth.ts';
import { createClient } from '../support/client.ts';
import { makeSigningKey, startJwksServer } from '../support/jwks-server.ts';
import { startTestService, type TestService } from '../support/service.ts';

type BetterAuth = Awaited<ReturnType<typeof startBetterAuth>>;

describe('with the sessions of Better Auth', () => {
  let betterAuth: BetterAuth;
  let service: TestService;

  beforeAll(async () => {
    betterAuth = await startBetterAuth({ jwks: { rotationInterval: 3600 } });
    service = await startTestService({
      BETTER_AUTH_SECRET: SECRET,
      BETTER_AUTH_URL: betterAuth.url,
    });
  });
  afterAll(async () => {
    await service.stop();
    await betterAuth[Symbol.asyncDispose]();
  });

  test('a user gets the same tasks with both kinds of tokens, another user gets none', async () => {
    const alice = await betterAuth.signUp('alice');
    const bob = await betterAuth.signUp('bob');
    const byKeys = createClient(service.url, await betterAuth.token(alice.cookies));
    const bySecret = createClient(service.url, sessionData(alice.cookies));
    const asBob = createClient(service.url, await betterAuth.token(bob.cookies));

    const task = await byKeys.create({ title: 'Buy milk' });
    expect(task.user_id).toBe(alice.id);
    expect((await bySecret.get(`/api/${alice.id}/tasks/${task.id}`)).body).toEqual(task);
    expect((await bySecret.get('/api/me')).body).toEqual({
      id: alice.id,
      email: 'alice@example.com',
      name: 'alice',
    });
    expect((await asBob.get(`/api/tasks/${task.id}`)).status).toBe(404);
    expect((await asBob.get(`/api/${alice.id}/tasks`)).status).toBe(403);
    expect((await asBob.list()).body.items).toEqual([]);
  });

  test('after a key rotation, old and new tokens are valid', async () => {
    const { cookies } = await betterAuth.signUp('carol');
    const before = await betterAuth.token(cookies);
    await createClient(service.url, before).create();

    expireKeys(betterAuth.tables.jwks);
    const after = await betterAuth.token(cookies);
    for (const token of [after, before]) {
      expect((await createClient(service.url, token).list()).body.items).toHaveLength(1);
    }
  });

  test('an email-verification token is rejected', async () => {
    await betterAuth.signUp('dave');
    const response = await createClient(service.url, betterAuth.verificationTokens.at(-1)).list();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      'Bearer error="invalid_token", error_description="Invalid token"',
    );
  });
});

test('until the JWKS was fetched, its tokens get 503; other requests succeed', async () => {
  const betterAuth = await startBetterAuth();
  const { cookies } = await betterAuth.signUp('alice');
  const token = await betterAuth.token(cookies);
  await betterAuth[Symbol.asyncDispose]();
  const service = await startTestService({
    BETTER_AUTH_SECRET: SECRET,
    BETTER_AUTH_URL: betterAuth.url,
  });
  try {
    expect((await createClient(service.url, token).list()).status).toBe(503);
    expect((await createClient(service.url, sessionData(cookies)).list()).status).toBe(200);
    expect((await createClient(service.url).get('/readyz')).status).toBe(200);
  } finally {
    await service.stop();
  }
});

test('a slow JWKS delays only requests with its tokens', async () => {
  await using keys = await startJwksServer();
  keys.respondWith(() => undefined);
  const { sign } = await makeSigningKey('EdDSA', 'some');
  const service = await startTestService({ BETTER_AUTH_JWKS_URL: keys.url });
  try {
    const client = createClient(service.url, await sign({ sub: 'alice' }));
    expect((await client.get('/livez')).status).toBe(200);
    expect((await client.get('/readyz')).status).toBe(200);
    expect((await client.get('/nope')).status).toBe(404);
    expect((await client.request('OPTIONS', '/api/tasks')).status).toBe(204);
    expect(keys.fetches()).toBe(0);
  } finally {
    await service.stop();
  }
});
