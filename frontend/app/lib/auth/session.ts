import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import { signInPath } from './return-path.ts';
import { runningAuth } from './running.ts';

/** Who is signed in, as pages show it. */
export interface SessionUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/**
 * Who is asking for the page; undefined without a session. Asked once for each request.
 *
 * @throws when the database cannot be reached
 */
export const currentUser = cache(async (): Promise<SessionUser | undefined> => {
  const session = await runningAuth().api.getSession({
    headers: await headers(),
    // A page cannot send the cookie that a longer session needs; the next token does.
    query: { disableRefresh: true },
  });
  if (!session) return undefined;
  const { id, name, email } = session.user;
  return { id, name, email };
});

/**
 * Who is asking for the page. Whoever is not signed in goes to the sign-in page, and comes back from there.
 *
 * @param returnPath the path of this page
 */
export async function requireUser(returnPath: string): Promise<SessionUser> {
  return (await currentUser()) ?? redirect(signInPath(returnPath));
}
