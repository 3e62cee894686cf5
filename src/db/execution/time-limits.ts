import type { Client } from 'pg';
import { STATEMENT_MS } from '../../deadlines/request-deadline.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';

// How long a statement takes at most, in milliseconds. Short statements share a connection, and long ones (`isLong`) do not.
//
//                                                        short     long
// The server ends a statement that waits for a lock        750     3000   lock_timeout
// The server ends a statement                             1000     4000   statement_timeout
// The service cancels a statement, if the server did not  4250     4250   CANCEL_MS
// The service destroys the connection                     5000     5000   STATEMENT_MS
//
// Where connections are not shared, such as behind some connection poolers, short statements have the limits of long ones. The
// wait for a connection, before that, is limited by `fair-queue.ts`, and all waits of a request by `deadlines/`.

/** After how long the server ends a statement: before the service gives it up, so that it never takes effect afterwards. */
const STATEMENT_TIMEOUT_MS = 4000;

/** The maximum number of short statements in the pipeline of a connection. Together, they take no longer than one long statement. */
export const PIPELINE_DEPTH = 4;

/** How long to wait for the end of a statement that was cancelled. */
export const GRACE_MS = 750;

/** The time after which the service cancels a statement that the timeout of the server has not ended. */
export const CANCEL_MS = STATEMENT_MS - GRACE_MS;

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
