import { expect, vi } from 'vitest';
import { createAuthenticator, type Authenticate } from '../../src/auth/authenticator.ts';
import type { Config } from '../../src/config.ts';
import type { ProblemCode } from '../../src/errors/problem.ts';
import { createRevocations } from '../../src/revocations/revocations.ts';

type Auth = Config['auth'];

const none: Auth = {
  secret: undefined,
  isSampleSecret: false,
  jwksUrl: undefined,
  issuer: undefined,
  audience: undefined,
  jwksOrigin: undefined,
  leeway: 30,
  maxLifetime: 30 * 86_400,
};

/** Creates an authenticator with the given configuration only. Returns it with its revocations and its log. */
export function makeAuthenticator(auth: Partial<Auth>) {
  const log = { warn: vi.fn() };
  const revocations = createRevocations();
  const options = { auth: { ...none, ...auth }, revocations, log };
  return { ...createAuthenticator(options), revocations, log };
}

/** Authenticates with a bearer token. */
export function call(authenticate: Authenticate, token: string) {
  return authenticate(`Bearer ${token}`);
}

/** Expects a call to be rejected with a problem of this code. */
export async function expectProblem(calling: Promise<unknown>, code: ProblemCode): Promise<void> {
  await expect(calling).rejects.toMatchObject({ name: 'Problem', code });
}
