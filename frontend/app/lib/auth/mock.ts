import { memoryAdapter } from 'better-auth/adapters/memory';
import { createAuth, type Auth } from '../auth.ts';
import type { Config } from '../config.ts';

/** Who uses the application when there is nobody: nothing that is worth keeping secret. */
const ALICE = { name: 'Alice', email: 'alice@example.com' };
const PASSWORD = 'nothing to keep secret';

/** A Better Auth that forgets, with one user in it. */
export async function createMockAuth(config: Config): Promise<Auth> {
  const tables = { user: [], session: [], account: [], verification: [], jwks: [], rateLimit: [] };
  const auth = createAuth(config, memoryAdapter(tables));
  await auth.api.signUpEmail({ body: { ...ALICE, password: PASSWORD } });
  return auth;
}

/** Signs the made-up user in: the cookies of the session. */
export async function mockCookies(auth: Auth): Promise<string[]> {
  const { headers } = await auth.api.signInEmail({
    body: { email: ALICE.email, password: PASSWORD },
    returnHeaders: true,
  });
  return headers.getSetCookie();
}
