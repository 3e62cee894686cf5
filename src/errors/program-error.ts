/** A program of the application has exited unexpectedly. The program has already printed the reason. */
export class ProgramError extends Error {
  override readonly name = 'ProgramError';
}
