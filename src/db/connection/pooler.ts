import { type Client, DatabaseError } from 'pg';
import type { ConfigError } from '../../errors/config-error.ts';
import { connect, createClient, disconnect } from './client.ts';
import { connectionFailure } from './connection-failure.ts';
import type { ConnectionOptions } from './connection-options.ts';
import { codeOf } from '../error-code.ts';
import { hasRowSecurity } from '../row-security.ts';
import { enforcesTimeouts, withServerTimeouts } from '../execution/time-limits.ts';

const TIMEOUT_MS = 2000;
/** The SQLSTATEs with which connection poolers reject start-up parameters: protocol violation, feature not supported. */
const REFUSALS = ['08P01', '0A000'];
/** The SQLSTATEs if another connection has prepared the statement, or this connection has not. */
const NOT_OWN_STATEMENT = ['42P05', '26000'];
const statement = { name: 'tasks_api_check', text: 'select pg_backend_pid() as pid' };

/** What a server, or the connection pooler before it, supports. */
interface Support {
  /** Whether timeouts as start-up parameters are rejected, ignored or enforced. */
  readonly timeouts: 'refused' | 'ignored' | 'enforced';
  /** Whether prepared statements stay available on a connection. */
  readonly preparedStatements: boolean;
  /** Whether row-level security applies to the role of the connection. */
  readonly rowSecurity: boolean;
}

/**
 * Finds out what a server supports, with one connection, and a second one behind a connection pooler.
 *
 * @throws {ConfigError} when the server is not reachable
 */
export async function probeServer(options: ConnectionOptions): Promise<Support> {
  const configuration = { ...options, query_timeout: TIMEOUT_MS };
  const limited = await connectUnlessRefused(withServerTimeouts(configuration));
  const client = limited ?? (await connectNew(configuration));
  try {
    let timeouts: Support['timeouts'] = limited ? 'ignored' : 'refused';
    if (await enforcesTimeouts(client)) timeouts = 'enforced';
    const rowSecurity = await hasRowSecurity(client);
    const other = createClient(configuration);
    const preparedStatements = await keepsPreparedStatements(client, other);
    return { timeouts, preparedStatements, rowSecurity };
  } finally {
    await disconnect(client);
  }
}

/** Returns undefined if a connection pooler refuses the start-up parameters. */
async function connectUnlessRefused(options: ConnectionOptions): Promise<Client | undefined> {
  try {
    return await connectNew(options);
  } catch (error) {
    const { cause } = error as ConfigError;
    if (cause instanceof DatabaseError && REFUSALS.includes(cause.code ?? '')) return undefined;
    throw error;
  }
}

/** @throws {ConfigError} when the server is not reachable, or refuses the connection */
async function connectNew(options: ConnectionOptions): Promise<Client> {
  const client = createClient(options);
  try {
    await connect(client);
    return client;
  } catch (error) {
    throw connectionFailure(options, error);
  }
}

/**
 * PgBouncer before 1.21 in transaction mode can use another connection to the server for each transaction. Two connections
 * detect this: both prepare the same name, and one occupies the server connection of the other with a transaction.
 */
async function keepsPreparedStatements(first: Client, second: Client): Promise<boolean> {
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
    await disconnect(second);
  }
  return true;
}

/** Whether the connection is direct: a pooler reports another process id than that of the server. */
async function isDirect(client: Client): Promise<boolean> {
  const { processID } = client as unknown as { readonly processID: number | null };
  const { rows } = await client.query<{ pid: number }>(statement);
  return rows[0]?.pid === processID;
}
