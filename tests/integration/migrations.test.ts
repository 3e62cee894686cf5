import { readdirSync } from 'node:fs';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID } from 'node-pg-migrate';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../src/errors/config-error.ts';
import { connect, createClient, disconnect } from '../../src/db/connection/client.ts';
import { connectionOptions } from '../../src/db/connection/connection-options.ts';
import { openDatabase } from '../../src/db/database.ts';
import { migrate } from '../../src/db/migrate.ts';
import { citusUrl } from '../support/citus.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';

const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url));
const silent = { info: () => undefined };

function collector() {
  const lines: unknown[] = [];
  return { lines, log: { info: (line: unknown) => void lines.push(line) } };
}

async function emptyDatabase() {
  const database = await createTestDatabase({ empty: true });
  onTestFinished(() => database.drop());
  return database;
}

/** The project's migrations and an additional one. */
async function migrationsAnd(name: string, statement: string) {
  const directory = await mkdtemp(join(tmpdir(), 'tasks-api-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(MIGRATIONS, directory, { recursive: true });
  await writeFile(join(directory, name), statement);
  return directory;
}

/** Fails unless the tables can be written. */
async function readiness(url: string): Promise<void> {
  const database = await openDatabase({ url, poolSize: 1 });
  try {
    await database.ping();
  } finally {
    await database.close();
  }
}

const appliedTo = async ({ url }: TestDatabase) =>
  (await administer(url, 'select name from pgmigrations order by id')).map(({ name }) => name);

describe('migrate', () => {
  test('ten concurrent runs apply each migration once; later runs apply nothing', async () => {
    const database = await emptyDatabase();
    const { lines, log } = collector();
    await Promise.all(Array.from({ length: 10 }, () => migrate(database.url, log)));
    await migrate(database.url, log);
    const names = readdirSync(MIGRATIONS).map((file) => basename(file, '.sql'));
    expect(lines).toEqual(names.map((migration) => ({ migration })));
    await expect(appliedTo(database)).resolves.toEqual(names);
  });

  test('a later version applies its own migrations', async () => {
    const database = await emptyDatabase();
    await migrate(database.url, silent);
    const directory = await migrationsAnd('9999_more.sql', 'create table more ();');
    const { lines, log } = collector();
    await Promise.all([
      migrate(database.url, log, directory),
      migrate(database.url, log, directory),
    ]);
    expect(lines).toEqual([{ migration: '9999_more' }]);
    // The previous version still runs.
    await migrate(database.url, silent);
  });

  test('a failed migration is named and rolled back', async () => {
    const database = await emptyDatabase();
    const directory = await migrationsAnd(
      '9999_wrong.sql',
      'create table half (); select * from absent;',
    );
    await expect(migrate(database.url, silent, directory)).rejects.toThrow(
      'migration 9999_wrong failed: relation "absent" does not exist',
    );
    await expect(
      administer(
        database.url,
        `select relname from pg_class where relname in ('tasks', 'half', 'pgmigrations')`,
      ),
    ).resolves.toEqual([]);
    await migrate(database.url, silent);
  });

  test('a run that is interrupted while it waits for the lock fails', async () => {
    const { url } = await emptyDatabase();
    const other = createClient(await connectionOptions(url));
    await connect(other);
    onTestFinished(() => disconnect(other));
    await other.query('select pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    const interrupted = expect(migrate(url, silent)).rejects.toThrow(
      'preparing the migrations failed: terminating connection',
    );
    const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and wait_event = 'advisory'`;
    await expect.poll(async () => (await other.query(terminate)).rowCount).toBe(1);
    await interrupted;
  });

  test('a run waits for each lock for at most 60 s, and then fails', async () => {
    const { url } = await emptyDatabase();
    await migrate(url, silent);
    const other = createClient(await connectionOptions(url));
    await connect(other);
    onTestFinished(() => disconnect(other));
    await other.query('begin; lock table tasks');
    const impatient = `set local lock_timeout = '1ms'; lock table tasks;`;
    await expect(
      migrate(url, silent, await migrationsAnd('9999_impatient.sql', impatient)),
    ).rejects.toThrow('migration 9999_impatient failed: another process has held a lock for 60 s');
    const limit = `create table limits as select current_setting('lock_timeout') as lock_timeout;`;
    await migrate(url, silent, await migrationsAnd('9999_limit.sql', limit));
    const found = await administer(url, 'select lock_timeout from limits');
    expect(found).toEqual([{ lock_timeout: '1min' }]);
  });

  test('indexes are dropped while other connections use the table', async () => {
    const database = await emptyDatabase();
    const directory = await mkdtemp(join(tmpdir(), 'tasks-api-migrations-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    await cp(join(MIGRATIONS, '0001_tasks.sql'), join(directory, '0001_tasks.sql'));
    await migrate(database.url, silent, directory);
    const other = createClient(await connectionOptions(database.url));
    await connect(other);
    onTestFinished(() => disconnect(other));
    await other.query('begin');
    await other.query('select from tasks');
    const migrated = migrate(database.url, silent);
    // While the migration waits, statements of others wait only shortly.
    for (let statement = 0; statement < 5; statement++) {
      await administer(database.url, `set statement_timeout = '1s'; select from tasks`);
      await setTimeout(100);
    }
    await other.query('commit');
    await migrated;
    await expect(appliedTo(database)).resolves.toContain('0002_fewer_indexes');
  });

  test('each schema has its own tables and its own list of migrations', async () => {
    const { url } = await emptyDatabase();
    await administer(url, 'create schema todo; create schema staging');
    const names = readdirSync(MIGRATIONS).map((file) => basename(file, '.sql'));
    for (const schema of ['todo', 'staging']) {
      const own = `${url}?options=-c%20search_path%3D${schema}`;
      const { lines, log } = collector();
      await migrate(own, log);
      await migrate(own, log);
      expect(lines).toEqual(names.map((migration) => ({ migration })));
      await expect(readiness(own)).resolves.toBeUndefined();
    }
    const tables = await administer(
      url,
      `select schemaname from pg_tables where tablename in ('tasks', 'pgmigrations') order by 1`,
    );
    expect(tables.map(({ schemaname }) => schemaname)).toEqual([
      ...['staging', 'staging'],
      ...['todo', 'todo'],
    ]);
  });

  test('a schema whose list of migrations is in public continues to use it', async () => {
    const { url } = await emptyDatabase();
    await administer(url, 'create schema todo');
    const own = `${url}?options=-c%20search_path%3Dtodo`;
    await migrate(own, silent);
    await administer(url, 'alter table todo.pgmigrations set schema public');
    const { lines, log } = collector();
    await migrate(own, log, await migrationsAnd('9999_more.sql', 'create table more ();'));
    expect(lines).toEqual([{ migration: '9999_more' }]);
    await expect(appliedTo({ url } as TestDatabase)).resolves.toContain('9999_more');
  });

  test('a search_path without an existing schema is a configuration error', async () => {
    const { url } = await emptyDatabase();
    await expect(migrate(`${url}?options=-c%20search_path%3Dtodo`, silent)).rejects.toThrow(
      /^DATABASE_URL: no schema of the search_path exists; create it: create schema todo$/,
    );
  });

  const withoutPrivilege: [string, string, RegExp] = [
    'a role without CREATE on the schema',
    'revoke create on schema public from public, pg_database_owner',
    /^DATABASE_URL: role "(\w+)" may not create tables in schema "public" \(permission denied for schema public\); give the service a schema of its own, as an administrator: create schema authorization "\1"$/,
  ];

  test.each([
    // The tests on Citus run as a superuser, who keeps all privileges.
    ...(citusUrl === undefined ? [withoutPrivilege] : []),
    ...['users', 'tasks'].map((table): [string, string, RegExp] => [
      `a table ${table} of another application`,
      `create table ${table} (id int)`,
      new RegExp(
        `^DATABASE_URL: schema "public" is used by another application \\(relation "${table}" already exists\\); use another database, or give .*$`,
      ),
    ]),
    [
      'another table of migrations',
      `create table pgmigrations (id serial primary key, name text, run_on timestamp);
       insert into pgmigrations (name, run_on) values ('0000_theirs', now())`,
      /^DATABASE_URL: schema "public" is used by another application \(Not run migration .*\); use another .*$/,
    ],
  ])('%s is a configuration error, which names the remedy', async (_name, setup, expected) => {
    const { url } = await emptyDatabase();
    await administer(url, setup);
    const error: unknown = await migrate(url, silent).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message).toMatch(expected);
    const [remedy] = /create schema authorization .*/.exec(String(error)) ?? [];
    await administer(url, String(remedy));
    await migrate(url, silent);
    await expect(readiness(url)).resolves.toBeUndefined();
  });

  test('a migration that another version has overtaken is a configuration error', async () => {
    const { url } = await emptyDatabase();
    await migrate(url, silent, await migrationsAnd('9999_theirs.sql', 'create table theirs ();'));
    const directory = await migrationsAnd('9998_ours.sql', 'create table ours ();');
    await expect(migrate(url, silent, directory)).rejects.toThrow(
      /^DATABASE_URL: migration 9998_ours is missing, but the later migration 9999_theirs of another version has been applied; use a version .* renumbered to be the last$/,
    );
  });

  test('a missing database is a configuration error', async () => {
    const { url } = await emptyDatabase();
    await expect(migrate(`${url}_absent`, silent)).rejects.toThrow(
      /^DATABASE_URL: cannot connect to .* does not exist; create it first$/,
    );
  });
});
