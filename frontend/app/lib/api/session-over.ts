/** What a call ends with when nobody is signed in any more, or somebody else is. The page is on its way to the sign-in. */
export class SessionOverError extends Error {
  override readonly name = 'SessionOverError';

  constructor() {
    super('The session is over');
  }
}
