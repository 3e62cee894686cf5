import { DatabaseError } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionFailure } from './connection-failure.ts';
import type { ConnectionOptions } from './connection.ts';

/** The time after which the server itself ends a statement, less than the time after which the service gives it up. */
const STATEMENT_TIMEOUT_MS = 4000;
/** Shorter, so that the log names the lock. */
const LOCK_TIMEOUT_MS = 3000;

/** With these SQLSTATEs, connection poolers refuse start-up parameters: protocol violation, feature not supported. */
const REFUSALS = ['08P01', '0A000'];

/**
 * Adds the timeouts that the server enforces to the connection options, unless it, or the connection pooler before it,
 * refuses start-up parameters. Timeouts in `options` of the URL take precedence.
 *
 * @throws {ConfigError} when the server is not reachable
 */
export async function withServerTimeouts(options: ConnectionOptions): Promise<ConnectionOptions> {
  const timeouts = `-c statement_timeout=${STATEMENT_TIMEOUT_MS} -c lock_timeout=${LOCK_TIMEOUT_MS}`;
  const limited = { ...options, options: `${timeouts} ${options.options ?? ''}`.trim() };
  const client = createClient(limited);
  try {
    await connect(client);
  } catch (error) {
    if (error instanceof DatabaseError && REFUSALS.includes(error.code ?? '')) return options;
    throw connectionFailure(options, error);
  }
  await disconnect(client);
  return limited;
}
