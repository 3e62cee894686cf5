type Level = 'debug' | 'info' | 'warn' | 'error';

/**
 * Writes a line of JSON to standard error. It must not contain personal data: of an error, only the name and the message are logged,
 * without the values that a database error contains.
 */
export function log(level: Level, message: string, error?: unknown): void {
  write(level, message, error === undefined ? {} : { err: describe(error) });
}

/** Writes a line about a security event, with the same message and names as those of the service. */
export function logAudit(details: {
  readonly event: string;
  readonly path: string;
  /** Of the error response. */
  readonly code?: string | undefined;
  readonly user_id?: string | undefined;
  /** Of the page that has sent the request. */
  readonly origin?: string | undefined;
  /** An IP address; of IPv6, the network. */
  readonly client_address?: string | undefined;
}): void {
  write('info', 'audit', details);
}

function write(level: Level, msg: string, details: object): void {
  const line = { level, time: new Date().toISOString(), msg, ...details };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'not an error';
}
