/** The SQLSTATE or the Node.js code of an error; empty if it has neither. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
