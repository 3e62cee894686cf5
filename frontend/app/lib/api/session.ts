import { BASE_PATH } from '../base-path.ts';
import { leavePage, signInPath, type SignInReason } from '../navigation.ts';
import { createTokenSource } from './token.ts';

let redirecting = false;

/** The tokens of the user who is signed in. When the session has ended, the page redirects to the sign-in page. */
export const tokens = createTokenSource({
  fetch: (...request) => globalThis.fetch(...request),
  now: () => Date.now(),
  onSessionEnded: redirectToSignIn,
});

/** Redirects to the sign-in page, which returns to the current page. Only the first of several calls has an effect. */
export function redirectToSignIn(reason: SignInReason = 'session-ended'): void {
  if (redirecting) return;
  redirecting = true;
  const { pathname, search, hash } = window.location;
  // The back button must not lead to this page, where all calls would fail.
  const path = pathname.slice(BASE_PATH.length) + search + hash;
  void leavePage(signInPath(path, reason));
}

/** Accepts only tokens of this user from now on. On the server it has no effect. */
export function beginSession(userId: string): void {
  if (typeof window === 'undefined') return;
  redirecting = false;
  tokens.begin(userId);
}

/**
 * Runs `signOut`, which ends the session at the server. Calls wait for its outcome. After the end they fail without a redirect,
 * because the caller of this leaves the page.
 *
 * @throws the error of `signOut`; then the session continues
 */
export async function endSession(signOut: () => Promise<unknown>): Promise<void> {
  await tokens.endBy(signOut);
  redirecting = true;
}
