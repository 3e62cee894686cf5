import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { toDeviceSessions, type DeviceSession } from '../account/sessions.ts';
import { signInPath } from '../navigation.ts';
import { runningAuth } from './running.ts';

/** The signed-in user, as pages show them. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/**
 * The user who requests the page; undefined without a session. Queried once per request.
 *
 * @throws if the database cannot be reached
 */
export const currentUser = cache(async (): Promise<SessionUser | undefined> => {
  const session = await runningAuth().api.getSession({
    headers: await headers(),
    // A page cannot set the cookie of an extended session. The next request for a token does.
    query: { disableRefresh: true },
  });
  if (!session) return undefined;
  const { id, name, email } = session.user;
  return { id, name, email };
});

/**
 * The user who requests the page. Without a session it redirects to the sign-in page, which returns to this page.
 *
 * @param returnPath the path of this page
 */
export async function requireUser(returnPath: string): Promise<SessionUser> {
  return (await currentUser()) ?? redirect(signInPath(returnPath));
}

/** The sessions of the user who requests the page. */
export async function currentUserSessions(): Promise<DeviceSession[]> {
  const { api } = runningAuth();
  const request = { headers: await headers() };
  const [sessions, current] = await Promise.all([
    api.listSessions(request),
    api.getSession({ ...request, query: { disableRefresh: true } }),
  ]);
  return toDeviceSessions(sessions, current?.session.id);
}
