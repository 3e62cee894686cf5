import type { ConnectionOptions } from './connection.ts';

/**
 * Adds timeouts that the server enforces to the connection options. Timeouts in `options` of the URL take precedence.
 *
 * @param statementTimeoutMs how long a statement may take; for a lock, it waits three quarters of this time, so that the log
 *   names the lock
 */
export function withServerTimeouts(
  options: ConnectionOptions,
  statementTimeoutMs: number,
): ConnectionOptions {
  const timeouts = `-c statement_timeout=${statementTimeoutMs} -c lock_timeout=${(statementTimeoutMs * 3) / 4}`;
  return { ...options, options: `${timeouts} ${options.options ?? ''}`.trim() };
}
