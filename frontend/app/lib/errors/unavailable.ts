/** Next.js passes the digest of an error to the error page, but not its message. */
const DIGEST = 'UNAVAILABLE';

/** An error for a page that cannot be rendered while the database does not respond. */
export function unavailable(cause: unknown): Error {
  return Object.assign(new Error('the database does not respond', { cause }), { digest: DIGEST });
}

export function isUnavailable(error: unknown): boolean {
  return error instanceof Error && 'digest' in error && error.digest === DIGEST;
}
