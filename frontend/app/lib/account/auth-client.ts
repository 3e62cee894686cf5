import type { createAuthClient } from 'better-auth/client';
import { BASE_PATH } from '../base-path.ts';

const OPTIONS = {
  basePath: `${BASE_PATH}/api/auth`,
  fetchOptions: {
    // Calls throw their errors, which `messageOf` takes, instead of returning them.
    throw: true,
    customFetchImpl: (input: string | URL | Request, init?: RequestInit) =>
      fetch(input, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) }),
  },
} as const;
/** Deleting an account takes longest: up to ten seconds for the service to delete the tasks. */
const TIMEOUT_MS = 20_000;

type AuthClient = ReturnType<typeof createAuthClient<typeof OPTIONS>>;

let client: AuthClient | undefined;

/** Better Auth's client, on the page's own origin. Its code is loaded with the first call, so that it does not delay the page. */
export async function authClient(): Promise<AuthClient> {
  const library = await import('better-auth/client');
  return (client ??= library.createAuthClient(OPTIONS));
}

/** Creates an account and signs in. */
export async function signUp(account: {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}): Promise<void> {
  await (await authClient()).signUp.email(account);
}

export async function signIn(credentials: {
  readonly email: string;
  readonly password: string;
}): Promise<void> {
  await (await authClient()).signIn.email(credentials);
}

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await (await authClient()).signOut();
}

/** @param passwords `signOutOthers` ends all other sessions as well */
export async function changePassword(passwords: {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly signOutOthers: boolean;
}): Promise<void> {
  const { signOutOthers: revokeOtherSessions, ...rest } = passwords;
  await (await authClient()).changePassword({ ...rest, revokeOtherSessions });
}

/** Deletes the account, its sessions and its tasks. */
export async function deleteAccount(password: string): Promise<void> {
  await (await authClient()).deleteUser({ password });
}
