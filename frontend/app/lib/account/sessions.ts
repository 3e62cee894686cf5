import { authClient } from './auth-client.ts';

/** A session of the user, as the account page shows it. */
export interface DeviceSession {
  readonly id: string;
  /** Whether it is the session of this browser. */
  readonly current: boolean;
  /** Identifies the session, to end it. It cannot be used to sign in, because the cookie is signed. */
  readonly token: string;
  readonly userAgent: string | undefined;
  /** When the user signed in; RFC 3339. */
  readonly signedIn: string;
  /** When it was last used, to the day; RFC 3339. */
  readonly lastActive: string;
}

interface Session {
  readonly id: string;
  readonly token: string;
  readonly userAgent?: string | null | undefined;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/**
 * Converts Better Auth's sessions for the account page: the current one first, then the most recently used ones.
 *
 * @param currentId the id of this browser's session
 */
export function toDeviceSessions(
  sessions: readonly Session[],
  currentId: string | undefined,
): DeviceSession[] {
  return sessions
    .map(({ id, token, userAgent, createdAt, updatedAt }) => ({
      id,
      current: id === currentId,
      token,
      userAgent: userAgent ?? undefined,
      signedIn: new Date(createdAt).toISOString(),
      lastActive: new Date(updatedAt).toISOString(),
    }))
    .sort(
      (one, other) =>
        Number(other.current) - Number(one.current) ||
        other.lastActive.localeCompare(one.lastActive),
    );
}

/** The user's sessions. The current one is fetched as well, because changing the password replaces it. */
export async function listSessions(): Promise<DeviceSession[]> {
  const client = await authClient();
  const [sessions, current] = await Promise.all([client.listSessions(), client.getSession()]);
  return toDeviceSessions(sessions, current?.session.id);
}

/** Ends one of the user's sessions. */
export async function endSession({ token }: DeviceSession): Promise<void> {
  await (await authClient()).revokeSession({ token });
}

/** Ends all sessions of the user except this one. */
export async function endOtherSessions(): Promise<void> {
  await (await authClient()).revokeOtherSessions();
}
