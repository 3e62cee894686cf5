import type { Client } from 'pg';
import type { ConnectionOptions } from './connection-options.ts';

/** After how long the server ends a statement: before the service gives it up, so that it never takes effect afterwards. */
const STATEMENT_TIMEOUT_MS = 4000;

/**
 * Adds timeouts that the server enforces to the connection options. Timeouts in `options` of the URL take precedence.
 * Statements that share a connection take at most 4 s together. For a lock, a statement waits three quarters of its time, so
 * that the log names the lock.
 *
 * @param depth how many statements a connection holds at a time
 */
export function withServerTimeouts(options: ConnectionOptions, depth = 1): ConnectionOptions {
  const statementTimeoutMs = STATEMENT_TIMEOUT_MS / depth;
  const timeouts = `-c statement_timeout=${statementTimeoutMs} -c lock_timeout=${(statementTimeoutMs * 3) / 4}`;
  return { ...options, options: `${timeouts} ${options.options ?? ''}`.trim() };
}

/**
 * Whether the server enforces the timeouts of `withServerTimeouts` on a connection. A connection pooler can ignore them, as
 * PgBouncer does with `ignore_startup_parameters = options`, and the URL can replace them.
 */
export async function enforcesTimeouts(client: Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_settings
     where name = 'statement_timeout' and setting = '${STATEMENT_TIMEOUT_MS}' and source = 'client'`,
  );
  return rowCount === 1;
}
