import { authClient } from '../auth/client.ts';

/** Where somebody is signed in, as the account page shows it. */
export interface DeviceSession {
  readonly id: string;
  /** Whether it is the session that asks. */
  readonly current: boolean;
  /** What ends it. Not enough to use it: the cookie is signed. */
  readonly token: string;
  readonly userAgent: string | undefined;
  /** When it was last used, to a day; RFC 3339. */
  readonly lastActive: string;
}

interface Session {
  readonly id: string;
  readonly token: string;
  readonly userAgent?: string | null | undefined;
  readonly updatedAt: Date;
}

/**
 * Better Auth's sessions for people: the current one first, then the last used ones.
 *
 * @param currentId the id of the session that asks
 */
export function toDeviceSessions(
  sessions: readonly Session[],
  currentId: string | undefined,
): DeviceSession[] {
  return sessions
    .map(({ id, token, userAgent, updatedAt }) => ({
      id,
      current: id === currentId,
      token,
      userAgent: userAgent ?? undefined,
      lastActive: new Date(updatedAt).toISOString(),
    }))
    .sort(
      (one, other) =>
        Number(other.current) - Number(one.current) ||
        other.lastActive.localeCompare(one.lastActive),
    );
}

/** The caller's sessions. Which is the current one is asked as well: a change of the password makes a new one. */
export async function listSessions(): Promise<DeviceSession[]> {
  const client = await authClient();
  const [sessions, asking] = await Promise.all([client.listSessions(), client.getSession()]);
  return toDeviceSessions(sessions, asking?.session.id);
}

/** Ends one of the caller's sessions. */
export async function endSession({ token }: DeviceSession): Promise<void> {
  await (await authClient()).revokeSession({ token });
}

/** Ends all of the caller's sessions but this one. */
export async function endOtherSessions(): Promise<void> {
  await (await authClient()).revokeOtherSessions();
}
