import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Problem } from '../../../src/errors/problem.ts';
import { call, expectProblem, makeAuthenticator } from '../../support/auth.ts';
import { makeSigningKey, startJwksServer } from '../../support/jwks-server.ts';
import { forgedTokenOf, SECRET, tokenOf } from '../../support/tokens.ts';

/** Each verification of a token's signature calls this. */
const verify = vi.spyOn(crypto.subtle, 'verify');
const verifications = () => verify.mock.calls.length;

afterAll(() => {
  verify.mockRestore();
});
beforeEach(() => {
  verify.mockClear();
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('a token is verified once', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  const caller = await call(authenticate, token);
  for (let time = 0; time < 10; time += 1) expect(await call(authenticate, token)).toEqual(caller);
  expect(verifications()).toBe(1);
});

test('every token has its own entry', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const [alice, bob] = [await tokenOf('alice'), await tokenOf('bob')];
  for (let time = 0; time < 2; time += 1) {
    expect(await call(authenticate, alice)).toMatchObject({ id: 'alice' });
    expect(await call(authenticate, bob)).toMatchObject({ id: 'bob' });
  }
});

test('a token follows at most 16 spaces, which the cache does not count', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  const after = (spaces: number) => authenticate(`Bearer${' '.repeat(spaces)}${token}`);
  await expect(after(16)).resolves.toHaveProperty('id');
  await expectProblem(after(17), 'not-authenticated');
});

test('a cached token expires with the same clock tolerance as a new one', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  await call(authenticate, token);
  vi.advanceTimersByTime((3600 + 4) * 1000);
  await expect(call(authenticate, token)).resolves.toHaveProperty('id');
  expect(verifications()).toBe(1);
  vi.advanceTimersByTime(1000);
  await expectProblem(call(authenticate, token), 'token-expired');
  await expectProblem(call(authenticate, token), 'token-expired');
});

test('a variant of a cached token is not a cache hit', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  await call(authenticate, token);
  for (const other of [`${token}=`, `${token} `, `${token}.`, token.slice(0, -1)]) {
    await expectProblem(call(authenticate, other), 'invalid-token');
  }
});

test('tokens with an invalid signature are rejected without another verification', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const forged = [await forgedTokenOf('alice'), await forgedTokenOf('bob')];
  for (let time = 0; time < 10; time += 1) {
    for (const token of forged) await expectProblem(call(authenticate, token), 'invalid-token');
  }
  expect(verifications()).toBe(2);
});

test('an expired token is rejected without another verification', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const expired = await tokenOf('alice', { exp: Math.floor(Date.now() / 1000) - 60 });
  for (let time = 0; time < 10; time += 1)
    await expectProblem(call(authenticate, expired), 'token-expired');
  expect(verifications()).toBe(1);
});

test('tokens with an invalid signature do not evict verified ones', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const token = await tokenOf('alice');
  await call(authenticate, token);
  const forged = await tokenOf('alice', { long: 'x'.repeat(12 * 1024) }, 'another secret');
  const results = new Set<unknown>();
  // More than the cache can contain.
  for (let time = 0; time < 1100; time += 1) {
    const variant = `${forged.slice(0, -5)}${String(time).padStart(4, '0')}A`;
    results.add(
      await call(authenticate, variant).catch((error: unknown) => (error as Problem).code),
    );
  }
  expect([...results]).toEqual(['invalid-token']);
  verify.mockClear();
  await call(authenticate, token);
  expect(verifications()).toBe(0);
});

test('a rejection is cached only if it is final', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const [forged, early] = [
    await forgedTokenOf('alice'),
    await tokenOf('alice', { nbf: Date.now() / 1000 + 60 }),
  ];
  for (let time = 0; time < 2; time += 1) {
    await expectProblem(call(authenticate, forged), 'invalid-token');
    await expectProblem(call(authenticate, early), 'invalid-token');
  }
  vi.advanceTimersByTime(60_000);
  await expectProblem(call(authenticate, forged), 'invalid-token');
  await expect(call(authenticate, early)).resolves.toHaveProperty('id');
});

test('the cache is replaced when the keys change', async () => {
  const [first, second] = [
    await makeSigningKey('EdDSA', 'first'),
    await makeSigningKey('EdDSA', 'second'),
  ];
  await using jwks = await startJwksServer([first]);
  const { authenticate } = makeAuthenticator({ jwksUrl: jwks.url });
  const iat = Math.floor(Date.now() / 1000);
  const token = await first.sign({ sub: 'alice', iat, exp: iat + 3600 });
  const other = await second.sign({ sub: 'alice', iat, exp: iat + 3600 });
  await call(authenticate, token);
  await call(authenticate, token);
  expect(verifications()).toBe(1);
  jwks.publish(first, second);
  await call(authenticate, other);
  expect(verifications()).toBe(2);
  await call(authenticate, token);
  expect(verifications()).toBe(3);
});

test('the cache is bounded: the least recently used token is evicted first', async () => {
  const { authenticate } = makeAuthenticator({ secret: SECRET });
  const long = 'x'.repeat(12 * 1024);
  const token = await tokenOf('alice', { long });
  await call(authenticate, token);
  for (let user = 0; user < 1100; user += 1) {
    await call(authenticate, await tokenOf(`user-${user}`, { long }));
  }
  verify.mockClear();
  await call(authenticate, await tokenOf('user-1099', { long }));
  expect(verifications()).toBe(0);
  await call(authenticate, token);
  expect(verifications()).toBe(1);
});
