import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import type { Client, ClientBase } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionOptions } from './connection.ts';
import { connectionFailure } from './connection-failure.ts';
import { codeOf } from './error-code.ts';
import type { Logger } from '../telemetry/log.ts';

const DIRECTORY = fileURLToPath(new URL('migrations', import.meta.url));
/** How long to wait for the migration lock, and for each table lock of a migration. */
const LOCK_TIMEOUT_SECONDS = 60;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Applies the pending migrations in one transaction, which is rolled back if one of them fails. Concurrent processes wait
 * for each other at an advisory lock.
 *
 * @param log logs each applied migration
 * @throws {ConfigError} when the database is not reachable
 * @throws {Error} with the name of the failed migration, or when a lock is not available within 60 s
 */
export async function migrate(
  databaseUrl: string,
  log: Pick<Logger, 'info'>,
  directory = DIRECTORY,
): Promise<void> {
  const options = await connectionOptions(databaseUrl);
  const client = createClient(options);
  await connect(client).catch((error: unknown) => {
    throw connectionFailure(options, error);
  });
  try {
    if (await isUpToDate(client, directory)) return;
    for (const migration of await applyPending(client, directory)) {
      log.info({ migration }, 'migration applied');
    }
  } finally {
    await disconnect(client);
  }
}

async function isUpToDate(client: Client, directory: string): Promise<boolean> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `select to_regclass('public.pgmigrations') is not null as exists`,
  );
  if (!tables[0]?.exists) return false;
  const { rows } = await client.query<{ name: string }>('select name from public.pgmigrations');
  const applied = new Set(rows.map(({ name }) => name));
  const files = await readdir(directory);
  return files.every((file) => applied.has(basename(file, '.sql')));
}

/**
 * Runs the migrations in our own transaction and under a transaction-level lock: the runner's session-level lock has no
 * effect behind PgBouncer in transaction mode.
 */
async function applyPending(client: Client, directory: string): Promise<string[]> {
  let step = 'preparing the migrations';
  const ignore = () => undefined;
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT_SECONDS}s'`);
    await client.query('select pg_advisory_xact_lock($1)', [PG_MIGRATE_LOCK_ID]);
    const applied = await runner({
      dbClient: withoutTransactions(client),
      dir: directory,
      direction: 'up',
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
    throw migrationError(step, error);
  }
}

/** Wraps the client for the runner and ignores the runner's own BEGIN, COMMIT and ROLLBACK, which would end our transaction. */
function withoutTransactions(client: Client): ClientBase {
  const query = (text: string, values?: unknown[]) =>
    /^(BEGIN|COMMIT|ROLLBACK);?$/.test(text) ? undefined : client.query(text, values);
  return { query } as unknown as ClientBase;
}

function migrationError(step: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason =
    codeOf(cause) === LOCK_NOT_AVAILABLE
      ? `another process has held a lock for ${LOCK_TIMEOUT_SECONDS} s`
      : message.replace(/\s+/g, ' ');
  return new Error(`${step} failed: ${reason}`, { cause });
}
