import { memoryAdapter } from 'better-auth/adapters/memory';
import { createAuth, type Auth } from '../auth.ts';
import type { Config } from '../config.ts';

/** The sample user. Her password protects nothing. */
const ALICE = { name: 'Alice', email: 'alice@example.com' };
const PASSWORD = 'password of the sample user';

/** Creates a Better Auth that stores everything in memory, with one sample user. */
export async function createMockAuth(config: Config): Promise<Auth> {
  const tables = { user: [], session: [], account: [], verification: [], jwks: [], rateLimit: [] };
  const auth = createAuth(config, memoryAdapter(tables));
  await auth.api.signUpEmail({ body: { ...ALICE, password: PASSWORD } });
  return auth;
}

/** Signs the sample user in and returns the session's cookies. */
export async function mockCookies(auth: Auth): Promise<string[]> {
  const { headers } = await auth.api.signInEmail({
    body: { email: ALICE.email, password: PASSWORD },
    returnHeaders: true,
  });
  return headers.getSetCookie();
}
