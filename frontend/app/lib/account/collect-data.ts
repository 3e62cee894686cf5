import { authClient } from '../auth/client.ts';
import { tasksClient } from '../api/client.ts';

/**
 * Everything that is stored about the caller, by this application and by the service: for a file. The tokens of sessions
 * and what is made of the password are left out, because a file may be passed on.
 *
 * @throws what `messageOf` can tell
 */
export async function collectData(): Promise<object> {
  const client = await authClient();
  const [account, sessions, service] = await Promise.all([
    client.getSession(),
    client.listSessions(),
    collectFromService(),
  ]);
  return {
    exportedAt: new Date().toISOString(),
    account: account?.user,
    sessions: sessions.map(({ token: _, ...session }) => session),
    service,
  };
}

/** All pages of the service's export, as one. */
async function collectFromService(): Promise<object> {
  const pages = await Array.fromAsync(tasksClient.exportPages());
  return {
    user: pages[0]?.user ?? null,
    tasks: pages.flatMap(({ tasks }) => tasks),
    idempotencyKeys: pages.flatMap((page) => page.idempotency_keys),
  };
}
