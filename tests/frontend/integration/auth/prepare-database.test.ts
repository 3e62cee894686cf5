import { afterEach, beforeEach, expect, test } from 'vitest';
import { authConnection } from '../../../../frontend/app/lib/auth/database.ts';
import { prepareDatabase } from '../../../../frontend/app/lib/auth/prepare-database.ts';
import { parseConfig } from '../../../../frontend/app/lib/config.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/database.ts';
import { administer } from '../../../support/server.ts';
import { SECRET } from '../../../support/tokens.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
});
afterEach(async () => {
  await database.drop();
});

const rows = (statement: string) => administer(database.url, statement);

async function prepare(environment: Record<string, string> = {}): Promise<void> {
  const config = parseConfig({
    BETTER_AUTH_SECRET: SECRET,
    DATABASE_URL: database.url,
    ...environment,
  });
  await prepareDatabase(config, await authConnection(database.url));
}

test('creates one schema and one key, also if several processes start at the same time', async () => {
  await Promise.all(Array.from({ length: 10 }, () => prepare()));
  const tables = await rows(
    `select table_schema as schema, table_name as name from information_schema.tables
     where table_schema in ('auth', 'public') order by table_name collate "C"`,
  );
  const names = ['account', 'jwks', 'rateLimit', 'session', 'user', 'verification'];
  expect(tables).toEqual(names.map((name) => ({ schema: 'auth', name })));
  expect(await rows('select 1 from auth.jwks')).toHaveLength(1);
  expect(
    await rows(
      `select data_type from information_schema.columns
       where table_schema = 'auth' and table_name = 'user' and column_name = 'id'`,
    ),
  ).toEqual([{ data_type: 'uuid' }]);
});

test('changes nothing the second time', async () => {
  await prepare();
  const before = await rows('select * from auth.jwks');
  await prepare();
  expect(await rows('select * from auth.jwks')).toEqual(before);
});

test('creates missing tables and columns, and keeps existing data', async () => {
  await prepare();
  await rows(
    `insert into auth."user" (name, email, "emailVerified") values ('Alice', 'alice@example.com', false)`,
  );
  await rows('drop table auth."rateLimit"');
  await rows('alter table auth."user" drop column image');
  await prepare();
  expect(await rows('select name, image from auth."user"')).toEqual([
    { name: 'Alice', image: null },
  ]);
  expect(await rows('select * from auth."rateLimit"')).toEqual([]);
});

test('rolls back if it fails', async () => {
  // A view of this name prevents creating the table.
  await rows('create schema auth; create view auth.jwks as select 1 as id');
  await expect(prepare()).rejects.toThrow(/jwks/);
  expect(
    await rows(
      `select table_name as name from information_schema.tables where table_schema = 'auth'`,
    ),
  ).toEqual([{ name: 'jwks' }]);
});

test('creates no key for HS256', async () => {
  await prepare({ TOKEN_ALGORITHM: 'HS256' });
  expect(await rows('select 1 from auth.jwks')).toEqual([]);
});

test('says what to do if the keys are encrypted with another secret', async () => {
  await prepare();
  const another = { BETTER_AUTH_SECRET: 'another secret, which is as long as it must be' };
  await expect(prepare(another)).rejects.toThrow(/^BETTER_AUTH_SECRET: .*auth\.jwks/);
});

test('says what to do if the database does not exist', async () => {
  await database.drop();
  await expect(prepare()).rejects.toThrow(/^DATABASE_URL: cannot connect .*create it first/);
  database = await createTestDatabase({ empty: true });
});
