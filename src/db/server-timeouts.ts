import { DatabaseError } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionFailure } from './connection-failure.ts';
import type { ConnectionOptions } from './connection.ts';

/** With these SQLSTATEs, connection poolers refuse start-up parameters: protocol violation, feature not supported. */
const REFUSALS = ['08P01', '0A000'];

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

/**
 * Finds out whether the server, or the connection pooler before it, accepts timeouts as start-up parameters.
 *
 * @throws {ConfigError} when the server is not reachable
 */
export async function acceptsTimeouts(options: ConnectionOptions): Promise<boolean> {
  const client = createClient(withServerTimeouts(options, 1000));
  try {
    await connect(client);
  } catch (error) {
    if (error instanceof DatabaseError && REFUSALS.includes(error.code ?? '')) return false;
    throw connectionFailure(options, error);
  }
  await disconnect(client);
  return true;
}
