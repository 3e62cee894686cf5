import type { Client } from 'pg';
import { ConfigError } from '../errors/config-error.ts';
import type { Logger } from '../telemetry/log.ts';
import { disconnect } from './connection/client.ts';
import { openClient } from './connection/open-client.ts';

/**
 * Tables that every node stores, because they are read beside the tasks of any user and written rarely. The others refer to
 * users, so they are the first to be converted.
 */
export const REFERENCE_TABLES = ['users', 'token_revocations'] as const;
/** Tables whose rows are stored by `user_id`, all rows of a user on the same node. */
export const DISTRIBUTED_TABLES = ['tasks', 'idempotency_keys'] as const;

const NO_CITUS =
  'DATABASE_DISTRIBUTED: the database of DATABASE_URL has no extension citus; install Citus on all servers and run there: ' +
  'create extension citus; or remove DATABASE_DISTRIBUTED';

/**
 * Distributes the tables over the nodes of a Citus cluster. Tables that are distributed already are left as they are. A table
 * with rows is distributed while other processes continue to write to it, except to users, whose copying they wait for. Concurrent
 * runs wait for each other.
 *
 * @param databaseUrl of the coordinator, without a pooler in transaction mode
 * @param log logs each table
 * @throws {ConfigError} when the database is not reachable, or has no Citus
 * @throws {Error} with the name of the table that cannot be distributed, and what Citus advises
 */
export async function distributeTables(
  databaseUrl: string,
  log: Pick<Logger, 'info'>,
): Promise<void> {
  const client = await openClient(databaseUrl);
  try {
    const { rowCount } = await client.query(`select from pg_extension where extname = 'citus'`);
    if (rowCount === 0) throw new ConfigError(NO_CITUS);
    await client.query(`select pg_advisory_lock(hashtext('distribute_tables'))`);
    for (const table of REFERENCE_TABLES) {
      await convert(client, table, 'reference', () => 'select create_reference_table($1)', log);
    }
    for (const table of DISTRIBUTED_TABLES) {
      // A table without rows does not need logical replication, which takes 20 seconds.
      const statement = (hasRows: boolean) =>
        `select create_distributed_table${hasRows ? '_concurrently' : ''}($1, 'user_id')`;
      await convert(client, table, 'distributed', statement, log);
    }
  } finally {
    await disconnect(client);
  }
}

/** Runs a statement that converts a table, unless it has the type already. */
async function convert(
  client: Client,
  table: string,
  type: string,
  statement: (hasRows: boolean) => string,
  log: Pick<Logger, 'info'>,
): Promise<void> {
  const { rowCount } = await client.query(
    'select from citus_tables where table_name = to_regclass($1) and citus_table_type = $2',
    [table, type],
  );
  if (rowCount === 1) return;
  const rows = await client.query(`select from ${table} limit 1`);
  const hasRows = rows.rowCount === 1;
  try {
    await client.query(statement(hasRows), [table]);
    // The rows that were copied are still stored outside the distributed table.
    if (hasRows)
      await client.query('select truncate_local_data_after_distributing_table($1)', [table]);
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    const advice = hint === undefined ? '' : `; ${hint}`;
    throw new Error(`distributing ${table} failed: ${message}${advice}`.replace(/\s+/g, ' '), {
      cause: error,
    });
  }
  log.info({ table, type }, 'table distributed');
}
