/**
 * Copies the data of the embedded PostgreSQL to the database of a URL, whose version may be another one. Of `make export-db`.
 *
 * Arguments: the URL.
 */

import { type Client, escapeIdentifier } from 'pg';
import { runCommand } from '../src/commands/run-command.ts';
import { readConfig } from '../src/config.ts';
import { disconnect } from '../src/db/connection/client.ts';
import { migrate } from '../src/db/migrate.ts';
import { openClient } from '../src/db/connection/open-client.ts';
import { openDatabaseServer } from '../src/db/connection/open-database-server.ts';
import { ConfigError } from '../src/errors/config-error.ts';

const BATCH = 1000;
/** The application creates a signing key when it starts; those of the embedded database replace it. */
const REPLACED = 'auth.jwks';

const print = (text: string) => process.stdout.write(`${text}\n`);
const log = { info: () => undefined, warn: () => undefined };

await runCommand(() => exportDatabase(process.argv[2] ?? ''));

async function exportDatabase(url: string): Promise<void> {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new ConfigError(
      'to: the URL of the new database is missing; run: make export-db to=postgres://…',
    );
  await migrate(url, log);
  await using cleanup = new AsyncDisposableStack();
  const server = await openDatabaseServer(
    { databaseUrl: undefined, dataDir: readConfig().dataDir },
    log,
  );
  cleanup.defer(() => server.stop());
  const open = async (databaseUrl: string) => {
    const client = await openClient(databaseUrl);
    cleanup.defer(() => disconnect(client));
    return client;
  };
  await migrate(server.url, log);
  const [source, target] = [await open(server.url), await open(url)];
  await source.query('begin isolation level repeatable read read only');
  // Citus otherwise refuses to copy tables of every node and tables that refer to them in one transaction.
  await target.query(`begin; set local citus.multi_shard_modify_mode to 'sequential'`);
  const tables = await tablesOf(source);
  await expectEmpty(target, tables);
  for (const table of tables) print(`${table}: ${await copyTable(source, target, table)} rows`);
  await target.query('commit');
}

/** The tables of the service and of Better Auth, quoted, each after the tables that it refers to. */
async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; refers: string[] }>(`
    select format('%I.%I', schemaname, tablename) as name, array(
      select format('%I.%I', parent.relnamespace::regnamespace, parent.relname)
      from pg_constraint join pg_class parent on parent.oid = confrelid
      where contype = 'f' and conrelid = format('%I.%I', schemaname, tablename)::regclass and confrelid <> conrelid
    ) as refers
    from pg_tables
    where schemaname in (current_schema(), 'auth') and tablename <> 'pgmigrations'
    order by schemaname desc, tablename`);
  const sorted: string[] = [];
  while (sorted.length < rows.length) {
    const next = rows.find(
      ({ name, refers }) =>
        !sorted.includes(name) && refers.every((parent) => sorted.includes(parent)),
    );
    if (!next) throw new Error('the foreign keys are circular');
    sorted.push(next.name);
  }
  return sorted;
}

async function expectEmpty(target: Client, tables: readonly string[]): Promise<void> {
  for (const table of tables) {
    const { rows } = await target.query<{ found: string | null }>(
      'select to_regclass($1)::text as found',
      [table],
    );
    if (rows[0]?.found == null)
      throw new ConfigError(
        `to: the database has no table ${table}; start the application once with DATABASE_URL=<this URL>`,
      );
    if (table === REPLACED) await target.query(`delete from ${table}`);
    const { rowCount } = await target.query(`select from ${table} limit 1`);
    if (rowCount !== 0) throw new ConfigError(`to: the table ${table} is not empty`);
  }
}

/** Copies rows as JSON, which all versions of PostgreSQL read and write alike. Returns their number. */
async function copyTable(source: Client, target: Client, table: string): Promise<number> {
  const cursor = escapeIdentifier(`copy ${table}`);
  await source.query(`declare ${cursor} cursor for select to_json(t)::text as row from ${table} t`);
  for (let count = 0; ;) {
    const { rows } = await source.query<{ row: string }>(`fetch ${BATCH} from ${cursor}`);
    if (rows.length === 0) return count;
    await target.query(
      `insert into ${table} select * from json_populate_recordset(null::${table}, $1)`,
      [`[${rows.map(({ row }) => row).join(',')}]`],
    );
    count += rows.length;
  }
}
