import { readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import type { Client, ClientBase } from 'pg';
import { connect, createClient, disconnect } from './client.ts';
import { connectionOptions } from './connection.ts';
import { connectionFailure } from './connection-failure.ts';
import type { Logger } from '../telemetry/log.ts';

const DIRECTORY = fileURLToPath(new URL('migrations', import.meta.url));
/** Also how long a migration waits for a lock on a table. */
const LOCK_SECONDS = 60;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Applies the migrations that the database does not have yet, all or none. Any number of processes may do this at once.
 *
 * @param log gets a line for each migration applied
 * @throws {ConfigError} when the database cannot be connected to
 * @throws {Error} naming the migration that fails, or the lock that is not to be had in a minute
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
    if (await isComplete(client, directory)) return;
    for (const migration of await applyPending(client, directory)) {
      log.info({ migration }, 'migration applied');
    }
  } finally {
    await disconnect(client);
  }
}

async function isComplete(client: Client, directory: string): Promise<boolean> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `select to_regclass('public.pgmigrations') is not null as exists`,
  );
  if (!tables[0]?.exists) return false;
  const { rows } = await client.query<{ name: string }>('select name from public.pgmigrations');
  const applied = new Set(rows.map(({ name }) => name));
  const files = await readdir(directory);
  return files.every((file) => applied.has(basename(file, '.sql')));
}

/** Works in one transaction that holds the lock: the runner's own, of the session, is none through PgBouncer. */
async function applyPending(client: Client, directory: string): Promise<string[]> {
  let current = 'the preparation of migrations';
  const ignore = () => undefined;
  try {
    await client.query('begin');
    await client.query(`set local lock_timeout = '${LOCK_SECONDS}s'`);
    await client.query('select pg_advisory_xact_lock($1)', [PG_MIGRATE_LOCK_ID]);
    const applied = await runner({
      dbClient: withoutTransactions(client),
      dir: directory,
      direction: 'up',
      migrationsTable: 'pgmigrations',
      noLock: true,
      logger: {
        info: (line) => (current = /MIGRATION \S+/.exec(line)?.[0].toLowerCase() ?? current),
        warn: ignore,
        error: ignore,
      },
    });
    await client.query('commit');
    return applied.map(({ name }) => name);
  } catch (error) {
    throw failure(current, error);
  }
}

/** The client for the runner, whose BEGIN and COMMIT would end our transaction, and our lock with it. */
function withoutTransactions(client: Client): ClientBase {
  const query = (text: string, values?: unknown[]) =>
    /^(BEGIN|COMMIT|ROLLBACK);?$/.test(text) ? undefined : client.query(text, values);
  return { query } as unknown as ClientBase;
}

function failure(current: string, cause: unknown): Error {
  const { code, message } = cause as { code?: string; message: string };
  const reason =
    code === LOCK_NOT_AVAILABLE
      ? `another process has held a lock for ${LOCK_SECONDS} s`
      : message.replace(/\s+/g, ' ');
  return new Error(`${current} failed: ${reason}`, { cause });
}
