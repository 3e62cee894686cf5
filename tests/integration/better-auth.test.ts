import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { call, expectProblem, makeAuthenticator } from '../support/auth.ts';
import { expireKeys, SECRET, sessionData, startBetterAuth } from '../support/better-auth.ts';

function authenticatorOf(environment: Record<string, string>) {
  return makeAuthenticator(parseConfig(environment).auth).authenticate;
}

afterEach(() => {
  vi.useRealTimers();
});

describe('a token of the jwt plugin', () => {
  test.each(['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'] as const)(
    'is accepted by JWKS, signed with %s',
    async (alg) => {
      await using betterAuth = await startBetterAuth({ jwks: { keyPairConfig: { alg } } });
      const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
      const { id, cookies } = await betterAuth.signUp('alice');
      expect(await call(authenticate, await betterAuth.token(cookies))).toMatchObject({
        id,
        email: 'alice@example.com',
        name: 'alice',
      });
    },
  );

  test('can have a UUID as the user id', async () => {
    await using betterAuth = await startBetterAuth({
      advanced: { database: { generateId: 'uuid' } },
    });
    const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    const { id, cookies } = await betterAuth.signUp('alice');
    expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(await call(authenticate, await betterAuth.token(cookies))).toMatchObject({ id });
  });

  test('is valid only for its issuer and audience', async () => {
    await using betterAuth = await startBetterAuth();
    const token = await betterAuth.token((await betterAuth.signUp('alice')).cookies);
    const jwks = { BETTER_AUTH_JWKS_URL: `${betterAuth.url}/api/auth/jwks` };
    await expect(call(authenticatorOf(jwks), token)).resolves.toHaveProperty('id');
    const others = [
      { BETTER_AUTH_URL: 'https://auth.example.com' },
      { JWT_ISSUER: 'https://auth.example.com' },
      { JWT_AUDIENCE: 'https://auth.example.com' },
    ];
    for (const other of others) {
      await expectProblem(call(authenticatorOf({ ...jwks, ...other }), token), 'invalid-token');
    }
  });

  test('expires after 15 minutes', async () => {
    await using betterAuth = await startBetterAuth();
    const token = await betterAuth.token((await betterAuth.signUp('alice')).cookies);
    const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    await call(authenticate, token);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 + 6000 });
    await expectProblem(call(authenticate, token), 'token-expired');
    const another = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    await expectProblem(call(another, token), 'token-expired');
  });

  test('is valid after a key rotation, as are tokens of the previous key', async () => {
    await using betterAuth = await startBetterAuth({ jwks: { rotationInterval: 3600 } });
    const { id, cookies } = await betterAuth.signUp('alice');
    const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    const before = await betterAuth.token(cookies);
    expect(await call(authenticate, before)).toMatchObject({ id });

    expireKeys(betterAuth.tables.jwks);
    const after = await betterAuth.token(cookies);
    expect(betterAuth.tables.jwks).toHaveLength(2);
    expect(await call(authenticate, after)).toMatchObject({ id });
    expect(await call(authenticate, before)).toMatchObject({ id });
  });

  test('is invalid after its key was removed from the JWKS', async () => {
    await using betterAuth = await startBetterAuth({
      jwks: { rotationInterval: 3600, gracePeriod: 0 },
    });
    const { id, cookies } = await betterAuth.signUp('alice');
    const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    const before = await betterAuth.token(cookies);
    expect(await call(authenticate, before)).toMatchObject({ id });

    expireKeys(betterAuth.tables.jwks);
    expect(await call(authenticate, await betterAuth.token(cookies))).toMatchObject({ id });
    await expectProblem(call(authenticate, before), 'invalid-token');
  });

  test('gets unavailable while Better Auth is down', async () => {
    const betterAuth = await startBetterAuth();
    const token = await betterAuth.token((await betterAuth.signUp('alice')).cookies);
    await betterAuth[Symbol.asyncDispose]();
    const authenticate = authenticatorOf({ BETTER_AUTH_URL: betterAuth.url });
    await expectProblem(call(authenticate, token), 'unavailable');
  });
});

describe('a session cookie of the strategy "jwt"', () => {
  test('is valid with the shared secret, and has the same user id as a token of the jwt plugin', async () => {
    await using betterAuth = await startBetterAuth();
    const { id, cookies } = await betterAuth.signUp('alice');
    const authenticate = authenticatorOf({
      BETTER_AUTH_SECRET: SECRET,
      BETTER_AUTH_URL: betterAuth.url,
    });
    const caller = { id, email: 'alice@example.com', name: 'alice' };
    expect(await call(authenticate, sessionData(cookies))).toMatchObject(caller);
    expect(await call(authenticate, await betterAuth.token(cookies))).toMatchObject(caller);
  });

  test('expires', async () => {
    await using betterAuth = await startBetterAuth();
    const { cookies } = await betterAuth.signUp('alice');
    const authenticate = authenticatorOf({ BETTER_AUTH_SECRET: SECRET });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 + 6000 });
    await expectProblem(call(authenticate, sessionData(cookies)), 'token-expired');
  });

  test('is invalid with another secret or without one', async () => {
    await using betterAuth = await startBetterAuth();
    const { cookies } = await betterAuth.signUp('alice');
    const another = { BETTER_AUTH_SECRET: 'a secret that is shared by other services' };
    for (const environment of [another, { BETTER_AUTH_URL: betterAuth.url }]) {
      await expectProblem(
        call(authenticatorOf(environment), sessionData(cookies)),
        'invalid-token',
      );
    }
  });
});

test('an email-verification token is invalid', async () => {
  await using betterAuth = await startBetterAuth();
  await betterAuth.signUp('alice');
  const [token = ''] = betterAuth.verificationTokens;
  expect(token.split('.')).toHaveLength(3);
  const authenticate = authenticatorOf({ BETTER_AUTH_SECRET: SECRET });
  await expectProblem(call(authenticate, token), 'invalid-token');
});
