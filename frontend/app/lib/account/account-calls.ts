import { authClient } from '../auth/client.ts';

/** Makes an account, and signs in. */
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

/** Deletes the account, its sessions and, in the service, its tasks. */
export async function deleteAccount(password: string): Promise<void> {
  await (await authClient()).deleteUser({ password });
}
