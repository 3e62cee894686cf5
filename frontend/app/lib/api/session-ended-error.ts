/**
 * Ends a call when the user's session is over: signed out, expired, or replaced by another user's session. The page is being
 * redirected to the sign-in page.
 */
export class SessionEndedError extends Error {
  override readonly name = 'SessionEndedError';

  constructor() {
    super('The session has ended');
  }
}

/** Whether an error, or one of its causes, is a {@link SessionEndedError}. */
export function isSessionEnded(error: unknown): boolean {
  for (let current = error; current instanceof Error; current = current.cause) {
    if (current instanceof SessionEndedError) return true;
  }
  return false;
}
