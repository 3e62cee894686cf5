import { authClient } from '../auth/client.ts';

/** Calls reject with what `messageOf` can tell, instead of giving an error to look at. */
const orThrow = { fetchOptions: { throw: true } } as const;

/** Makes an account, and signs in. */
export async function signUp(account: {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}): Promise<void> {
  await (await authClient()).signUp.email({ ...account, ...orThrow });
}

export async function signIn(credentials: {
  readonly email: string;
  readonly password: string;
}): Promise<void> {
  await (await authClient()).signIn.email({ ...credentials, ...orThrow });
}

/** Ends the session of this browser. */
export async function signOut(): Promise<void> {
  await (await authClient()).signOut(orThrow);
}

/** @param passwords `signOutOthers` ends all other sessions as well */
export async function changePassword(passwords: {
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly signOutOthers: boolean;
}): Promise<void> {
  const { signOutOthers: revokeOtherSessions, ...rest } = passwords;
  await (await authClient()).changePassword({ ...rest, revokeOtherSessions, ...orThrow });
}

/** Deletes the account, its sessions and, in the service, its tasks. */
export async function deleteAccount(password: string): Promise<void> {
  await (await authClient()).deleteUser({ password, ...orThrow });
}
