import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Client, type ClientBase, escapeIdentifier } from 'pg';
import { disconnect } from './connection/client.ts';
import { ConfigError } from '../errors/config-error.ts';
import { MIGRATIONS } from '../files.ts';
import type { Logger } from '../telemetry/log.ts';
import { migrationError, type Target } from './migration-error.ts';
import { openClient } from './connection/open-client.ts';

/** How long to wait for the migration lock, and for each table lock of a migration. */
const LOCK_TIMEOUT_SECONDS = 60;

/**
 * Applies the pending migrations to the current schema, in one transaction, which is rolled back if one of them fails.
 * Concurrent processes wait for each other at an advisory lock.
 *
 * @param log logs each applied migration
 * @throws {ConfigError} when the database is not reachable, or not suitable
 * @throws {Error} with the name of the failed migration, or when a lock is not available within 60 s
 */
export async function migrate(
  databaseUrl: string,
  log: Pick<Logger, 'info'>,
  directory = fileURLToPath(MIGRATIONS),
): Promise<void> {
  const client = await openClient(databaseUrl);
  try {
    const target = await findTarget(client);
    if (await isUpToDate(client, target, directory)) return;
    for (const migration of await applyPending(client, target, directory)) {
      log.info({ migration }, 'migration applied');
    }
  } finally {
    await disconnect(client);
  }
}

interface MigrationsTarget extends Target {
  /** The schema of the table that lists the applied migrations. */
  migrationsSchema: string;
  /** Whether that table exists. */
  migrated: boolean;
}

/** Version 1.1 always stored the list in `public`, also if the tables are in another schema. */
const TARGET = `
  with current as (
    select current_schema() as schema,
      to_regclass(quote_ident(current_schema()) || '.pgmigrations') is not null as migrated,
      to_regclass(quote_ident(current_schema()) || '.idempotency_keys') is not null
        and to_regclass('public.pgmigrations') is not null as old
  )
  select schema, current_user as role, migrated or old as migrated, current_setting('search_path') as search_path,
    case when old and not migrated then 'public' else schema end as "migrationsSchema"
  from current`;

async function findTarget(client: Client): Promise<MigrationsTarget> {
  const { rows } = await client.query<MigrationsTarget & { search_path: string }>(TARGET);
  const [target] = rows;
  if (target?.migrationsSchema) return target;
  throw new ConfigError(
    `DATABASE_URL: no schema of the search_path exists; create it: create schema ${target?.search_path ?? ''}`,
  );
}

async function isUpToDate(
  client: Client,
  target: MigrationsTarget,
  directory: string,
): Promise<boolean> {
  if (!target.migrated) return false;
  const table = `${escapeIdentifier(target.migrationsSchema)}.pgmigrations`;
  const { rows } = await client
    .query<{ name: string }>(`select name from ${table}`)
    .catch((error: unknown) => {
      throw migrationError('reading pgmigrations', error, target);
    });
  const applied = new Set(rows.map(({ name }) => name));
  const files = await readdir(directory);
  return files.every((file) => applied.has(basename(file, '.sql')));
}

/**
 * Runs the migrations in our own transaction and under a transaction-level lock: the runner's session-level lock has no
 * effect behind PgBouncer in transaction mode.
 */
async function applyPending(
  client: Client,
  target: MigrationsTarget,
  directory: string,
): Promise<string[]> {
  let step = 'preparing the migrations';
  let failure: unknown;
  const ignore = () => undefined;
  // Most starts need no migration.
  const { PG_MIGRATE_LOCK_ID, runner } = await import('node-pg-migrate');
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT_SECONDS}s'`);
    await client.query('select pg_advisory_xact_lock($1)', [PG_MIGRATE_LOCK_ID]);
    const applied = await runner({
      dbClient: withoutTransactions(client, (error) => (failure ??= error)),
      dir: directory,
      direction: 'up',
      migrationsSchema: target.migrationsSchema,
      migrationsTable: 'pgmigrations',
      noLock: true,
      logger: {
        info: (line) => (step = /MIGRATION \S+/.exec(line)?.[0].toLowerCase() ?? step),
        warn: ignore,
        error: ignore,
      },
    });
    await client.query('commit');
    return applied.map(({ name }) => name);
  } catch (error) {
    throw migrationError(step, failure ?? error, target);
  }
}

/**
 * Wraps the client for the runner and ignores the runner's own BEGIN, COMMIT and ROLLBACK, which would end our transaction.
 *
 * @param onError gets the errors of PostgreSQL, which the runner replaces
 */
function withoutTransactions(client: Client, onError: (error: unknown) => void): ClientBase {
  const query = async (text: string, values?: unknown[]) => {
    if (/^(BEGIN|COMMIT|ROLLBACK);?$/.test(text)) return undefined;
    try {
      return await client.query(text, values);
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  return { query } as unknown as ClientBase;
}
