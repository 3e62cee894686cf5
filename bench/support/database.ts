import { appendFile, chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { secureRows } from '../../src/db/row-security.ts';
import { ConfigError } from '../../src/errors/config-error.ts';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';

/**
 * Keeps PostgreSQL's background work out of the measurements, because it would add to the CPU time of the current
 * measurement. The benchmark vacuums between the measurements.
 */
const SETTINGS = `
autovacuum = off
checkpoint_timeout = 1d
max_wal_size = 64GB
`;

export interface BenchDatabase extends AsyncDisposable {
  /** The process id of the postmaster, the root of PostgreSQL's processes. */
  readonly pid: number;
  /** Such as `18.4`. */
  readonly version: string;
  /** The URL of a database of this server. */
  url(database: string): string;
  /** Creates a database with the tables of the service. */
  createMigrated(database: string): Promise<void>;
  /** Enables row-level security for a role, and returns the URL of a database for it. */
  secure(database: string, role: string): Promise<string>;
  /** Creates a database as a copy of another one, to which nothing may be connected. */
  copy(template: string, database: string): Promise<void>;
}

/**
 * Starts a PostgreSQL of its own in a temporary directory, which is deleted with it.
 *
 * @throws {ConfigError} if this system has no `/proc` to measure CPU time with
 */
export async function startDatabase(): Promise<BenchDatabase> {
  if (process.platform !== 'linux') throw new ConfigError('The benchmarks need Linux');
  const dataDir = await mkdtemp(join(tmpdir(), 'tasks-api-bench-'));
  // PostgreSQL runs as another user if this process is root's.
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, log: () => undefined });
  const data = join(dataDir, 'postgres');
  const pid = Number.parseInt(await readFile(join(data, 'postmaster.pid'), 'utf8'), 10);
  await appendFile(join(data, 'postgresql.auto.conf'), SETTINGS);
  process.kill(pid, 'SIGHUP');

  const url = (database: string) => {
    const address = new URL(server.url);
    address.pathname = `/${database}`;
    address.search = 'sslmode=disable';
    return address.href;
  };
  const administer = (statement: string) => query(url('tasks'), statement);
  const [row] = await administer('show server_version');
  return {
    pid,
    version: String(row?.['server_version']),
    url,
    async createMigrated(database) {
      await administer(`create database ${database}`);
      await migrate(url(database), { info: () => undefined });
    },
    async copy(template, database) {
      await administer(`create database ${database} template ${template}`);
    },
    async secure(database, role) {
      await administer(`create role ${role} login password 'secret'`);
      await secureRows(url(database), role, { info: () => undefined });
      const address = new URL(url(database));
      address.username = role;
      address.password = 'secret';
      return address.href;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Runs a statement on a connection of its own, and returns its rows. */
export async function query(
  url: string,
  statement: string,
  values?: unknown[],
): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
