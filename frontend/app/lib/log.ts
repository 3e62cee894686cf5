type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes a line of JSON to standard error. Nothing personal belongs into it: of an error only its name and message are told,
 * not what the database says about the values.
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
