/** A program of the application has ended unexpectedly. It has printed the reason itself. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}
