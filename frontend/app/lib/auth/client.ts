import type { createAuthClient } from 'better-auth/react';

let client: ReturnType<typeof createAuthClient> | undefined;

/** Better Auth for the browser, on the origin of the page. Its code is fetched with the first call: no page waits for it. */
export async function authClient(): Promise<ReturnType<typeof createAuthClient>> {
  const library = await import('better-auth/react');
  return (client ??= library.createAuthClient());
}
