type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes a line of JSON to standard error. It must not contain personal data: of an error, only the name and the message are logged,
 * without the values that a database error contains.
 */
export function log(level: Level, message: string, error?: unknown): void {
  const line = {
    level,
    time: new Date().toISOString(),
    msg: message,
    ...(error !== undefined && { err: describe(error) }),
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'not an error';
}
