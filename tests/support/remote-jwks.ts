import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, vi } from 'vitest';
import { call, makeAuthenticator } from './auth.ts';
import { makeSigningKey, startJwksServer, type SigningKey } from './jwks-server.ts';

const [first, second, third, unpublished] = (await Promise.all(
  ['first', 'second', 'third', 'unpublished'].map((kid) => makeSigningKey('EdDSA', kid)),
)) as [SigningKey, SigningKey, SigningKey, SigningKey];
export const signingKeys = { first, second, third, unpublished };

export const minutes = (count: number) => count * 60_000;
export const seconds = (count: number) => count * 1000;

/** Stops the clocks for the tests of a file; only `pass` advances them. Timers and the network are real. */
export function useStoppedClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}

export const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

let users = 0;
/** A token that is not cached yet. */
export function newToken(key: SigningKey): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  users += 1;
  return key.sign({ sub: `user-${users}`, iat: now, exp: now + 3600 });
}

/** A JWKS endpoint with these keys, and an authenticator that is configured with its URL only. */
export async function startAuthenticator(...keys: SigningKey[]) {
  const jwks = await startJwksServer(keys);
  const { authenticate, log } = makeAuthenticator({ jwksUrl: jwks.url });
  const signIn = async (key: SigningKey) => call(authenticate, await newToken(key));
  return { jwks, authenticate, log, signIn, [Symbol.asyncDispose]: jwks[Symbol.asyncDispose] };
}

/** Waits for a fetch in the background. */
export async function settle(done: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await done())) await delay(5);
}
