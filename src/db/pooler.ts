import type { Client } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionFailure } from './connection-failure.ts';
import type { ConnectionOptions } from './connection.ts';
import { codeOf } from './error-code.ts';

const TIMEOUT_MS = 2000;
/** The prepared statement of another connection was found, or the own one was not. */
const NOT_OWN_STATEMENT = ['42P05', '26000'];
const statement = { name: 'tasks_api_check', text: 'select pg_backend_pid() as pid' };

/**
 * Whether a connection keeps its prepared statements. PgBouncer before 1.21 in transaction mode gives each transaction
 * another connection to the server. Two connections can tell: they use the same name, and one occupies the connection of the
 * other with a transaction.
 *
 * @throws {ConfigError} when the server is not reachable
 */
export async function keepsPreparedStatements(options: ConnectionOptions): Promise<boolean> {
  const configuration = { ...options, query_timeout: TIMEOUT_MS };
  const [first, second] = [createClient(configuration), createClient(configuration)];
  await connect(first).catch((error: unknown) => {
    throw connectionFailure(options, error);
  });
  try {
    if (await isDirect(first)) return true;
    await connect(second);
    await second.query(statement);
    await second.query('begin');
    await first.query(statement);
  } catch (error) {
    if (NOT_OWN_STATEMENT.includes(codeOf(error))) return false;
    // Inconclusive, such as a timeout if the pooler has a single connection.
  } finally {
    await Promise.all([disconnect(first), disconnect(second)]);
  }
  return true;
}

/** Whether there is no pooler in between: poolers tell their clients another process id than the server's. */
async function isDirect(client: Client): Promise<boolean> {
  const { processID } = client as unknown as { readonly processID: number | null };
  const { rows } = await client.query<{ pid: number }>(statement);
  return rows[0]?.pid === processID;
}
