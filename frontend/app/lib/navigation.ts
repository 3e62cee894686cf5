import { BASE_PATH } from './base-path.ts';

const BASE = 'http://base.invalid';
const MAX_LENGTH = 2048;
/** Control characters, space, and the backslash, which browsers treat as a slash. */
const UNSAFE = /[\0-\x20\x7f-\x9f\\]/;
/** The same, slashes and percent signs in percent-encoding, which a proxy may decode. */
const UNSAFE_ENCODED = /%(?:[01]|20|7f|5c|2f|25)/i;
/** Pages that a sign-in must not return to, such as the sign-in page itself. */
const EXCLUDED = /^\/(?:sign-in|sign-up|api)(?:[/?#]|$)/;

/**
 * The path to return to after signing in. It prevents open redirects: anything that could lead to another origin, in any spelling, is
 * replaced by the fallback.
 *
 * @param next the untrusted query parameter of the sign-in page
 * @param fallback the path to use instead
 * @returns a path of this application that begins with exactly one slash, with its query and fragment
 */
export function safeReturnPath(next: unknown, fallback = '/tasks'): string {
  if (typeof next !== 'string' || next.length > MAX_LENGTH) return fallback;
  if (!/^\/(?!\/)/.test(next) || UNSAFE.test(next)) return fallback;
  const url = new URL(next, BASE);
  if (url.origin !== BASE || UNSAFE_ENCODED.test(url.pathname)) return fallback;
  // Resolving dot segments can leave two slashes at the beginning.
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || EXCLUDED.test(path) ? fallback : path;
}

/** Why a page redirects to the sign-in page. */
export type SignInReason = 'session-ended' | 'signed-out';

/** The path of the sign-in page, with the path to return to and the reason that the page shows. */
export function signInPath(returnPath: string, reason?: SignInReason): string {
  const query = new URLSearchParams({
    next: safeReturnPath(returnPath),
    ...(reason && { reason }),
  });
  return `/sign-in?${query.toString()}`;
}

/**
 * Replaces this page with another one, so that none of the user's data stays in memory and the back button does not lead to a form
 * that has been sent. The promise never resolves: a form that awaits it stays busy until the page is gone.
 *
 * @param path a path of this application; a path from a URL must come from `safeReturnPath`
 */
export function leavePage(path: string): Promise<never> {
  window.location.replace(BASE_PATH + path);
  return new Promise(() => undefined);
}
