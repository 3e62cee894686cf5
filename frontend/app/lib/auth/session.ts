import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { toDeviceSessions, type DeviceSession } from '../account/sessions.ts';
import type { Auth } from '../auth.ts';
import { isUnavailable, unavailable } from '../errors/unavailable.ts';
import { signInPath } from '../navigation.ts';
import { newDatabaseWait } from './database-wait.ts';
import { isDatabaseReachable, limitDatabaseWait, runningAuth } from './running.ts';

/** The signed-in user, as pages show them. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/**
 * The user who requests the page; undefined without a session. Queried once per request.
 *
 * @throws {Error} with the digest {@link UNAVAILABLE} while the database does not respond
 */
export const currentUser = cache(async (): Promise<SessionUser | undefined> => {
  const session = await callAuth((api, request) => api.getSession(withoutRefresh(request)));
  if (!session) return undefined;
  const { id, name, email } = session.user;
  return { id, name, email };
});

/** Whether the visitor who requests the page is signed in; undefined while the database does not respond. */
export async function isSignedIn(): Promise<boolean | undefined> {
  try {
    return (await currentUser()) !== undefined;
  } catch (error) {
    if (isUnavailable(error)) return undefined;
    throw error;
  }
}

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
  const [sessions, current] = await callAuth((api, request) =>
    Promise.all([api.listSessions(request), api.getSession(withoutRefresh(request))]),
  );
  return toDeviceSessions(sessions, current?.session.id);
}

interface PageRequest {
  readonly headers: Headers;
}

/** A page cannot set the cookie of an extended session. The next request for a token does. */
const withoutRefresh = (request: PageRequest) => ({ ...request, query: { disableRefresh: true } });

/** All calls for one page share the time to wait for the database. */
const pageWait = cache(newDatabaseWait);

/** Calls Better Auth with the request for the page. */
async function callAuth<Result>(
  call: (api: Auth['api'], request: PageRequest) => Promise<Result>,
): Promise<Result> {
  const request = { headers: await headers() };
  return limitDatabaseWait(async () => {
    try {
      return await call(runningAuth().api, request);
    } catch (error) {
      if (await isDatabaseReachable()) throw error;
      throw unavailable(error);
    }
  }, pageWait());
}
