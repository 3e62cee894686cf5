import { tasksClient } from '../api/client.ts';
import { authClient } from './auth-client.ts';

/**
 * Collects the data that the application and the service store about the user, for a download. Session tokens and the password hash
 * are left out, because a file may be passed on.
 *
 * @throws errors that `messageOf` takes
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

/** All pages of the service's export in one object. Tasks are exported with all their fields. */
async function collectFromService(): Promise<object> {
  const pages = await Array.fromAsync(tasksClient.exportPages());
  return {
    user: pages[0]?.user ?? null,
    tasks: pages.flatMap(({ tasks }) => tasks),
    idempotencyKeys: pages.flatMap((page) => page.idempotency_keys),
  };
}

/**
 * Makes the browser save a file.
 *
 * @param type its media type
 */
export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has started once the click event has been handled.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}
