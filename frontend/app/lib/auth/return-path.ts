const ELSEWHERE = 'http://elsewhere.invalid';
const MAX_LENGTH = 2048;
/** C0, space, DEL, C1, and the backslash, which browsers take for a slash. */
const REFUSED = /[\0-\x20\x7f-\x9f\\]/;
/** Those, slashes and percent signs in an encoding that somebody on the way may take off. */
const REFUSED_ENCODED = /%(?:[01]|20|7f|5c|2f|25)/i;
/** Pages that a sign-in cannot lead back to: one would sign in for ever. */
const NO_WAY_BACK = /^\/(?:sign-in|sign-up|api)(?:[/?#]|$)/;

/**
 * Where to go after signing in: the path that was asked for, when it is one of this application.
 * What could lead to another origin, however it is written, becomes the fallback.
 *
 * @param next what the address of the sign-in page says, from anybody
 * @param fallback where to go otherwise
 * @returns a path that begins with exactly one slash, with its query and fragment
 */
export function safeReturnPath(next: unknown, fallback = '/tasks'): string {
  if (typeof next !== 'string' || next.length > MAX_LENGTH) return fallback;
  if (!/^\/(?!\/)/.test(next) || REFUSED.test(next)) return fallback;
  const url = new URL(next, ELSEWHERE);
  if (url.origin !== ELSEWHERE || REFUSED_ENCODED.test(url.pathname)) return fallback;
  // Dots resolved may leave two slashes at the beginning.
  const path = url.pathname + url.search + url.hash;
  return path.startsWith('//') || NO_WAY_BACK.test(path) ? fallback : path;
}

/** The address of the sign-in page that leads back to a path. */
export function signInPath(returnPath: string): string {
  return `/sign-in?next=${encodeURIComponent(safeReturnPath(returnPath))}`;
}
