import type { createAuthClient } from 'better-auth/client';

const OPTIONS = {
  fetchOptions: {
    // Calls reject with what `messageOf` can tell, instead of giving an error to look at.
    throw: true,
    customFetchImpl: (input: string | URL | Request, init?: RequestInit) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  },
} as const;
/** Deleting an account takes longest: the service has ten seconds to delete the tasks. */
const TIMEOUT_MS = 20_000;

type AuthClient = ReturnType<typeof createAuthClient<typeof OPTIONS>>;

let client: AuthClient | undefined;

/** Better Auth for the browser, on the origin of the page. Its code is fetched with the first call: no page waits for it. */
export async function authClient(): Promise<AuthClient> {
  const library = await import('better-auth/client');
  return (client ??= library.createAuthClient(OPTIONS));
}
