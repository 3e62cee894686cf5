import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISTRIBUTED_TABLES, REFERENCE_TABLES } from '../../src/db/distribute.ts';
import { citusUrl } from '../support/citus.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { distinct, literalsOf, type Statement, textOf, variants } from '../support/statements.ts';

// What Citus needs to route every statement to one shard. `statements.test.ts` shows that each access to a distributed table has
// a condition on the user.

/** The indexes for pruning, which spans users. */
const SPAN_USERS = ['idempotency_keys_created_idx'];

const statements = distinct(Object.values(variants).flat());

let database: TestDatabase;
let client: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

/** The first column of each row of a query. */
async function query(text: string, values: unknown[] = []): Promise<unknown[]> {
  const { rows } = await client.query<Record<string, unknown>>(text, values);
  return rows.map((row) => Object.values(row)[0]);
}

test('each table is distributed by user, or stored on every node', async () => {
  const tables = await query(
    `select tablename from pg_tables where schemaname = 'public' and tablename <> 'pgmigrations'`,
  );
  expect(tables.toSorted()).toEqual([...DISTRIBUTED_TABLES, ...REFERENCE_TABLES].toSorted());
});

describe.each(DISTRIBUTED_TABLES)('%s', (table) => {
  test('has indexes that begin with the user', async () => {
    const others = await query(
      `select indexrelid::regclass::text
       from pg_index join pg_attribute on attrelid = indrelid and attname = 'user_id'
       where indrelid = $1::regclass and (indkey[0] <> attnum or indisunique and indexprs is not null)`,
      [table],
    );
    expect(others.filter((index) => !SPAN_USERS.includes(String(index)))).toEqual([]);
  });

  test('has foreign keys only to tables of every node, or of the same user', async () => {
    const keys = await query(
      `select confrelid::regclass::text || ': ' || pg_get_constraintdef(oid)
       from pg_constraint where conrelid = $1::regclass and contype = 'f'`,
      [table],
    );
    const allowed = new RegExp(
      `^(${REFERENCE_TABLES.join('|')}): |: FOREIGN KEY \\(user_id, .* REFERENCES \\w+\\(user_id, `,
    );
    expect(keys).not.toHaveLength(0);
    for (const key of keys) expect(key).toMatch(allowed);
  });
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly Operation?: string;
  readonly 'Relation Name'?: string;
  readonly Output?: readonly string[];
  readonly Plans?: readonly PlanNode[];
}

/** The values of `user_id` in the rows that a statement inserts into distributed tables. */
async function insertedUsers(statement: Statement): Promise<(string | undefined)[]> {
  await client.query(`prepare explained as ${textOf(statement)}`);
  try {
    const parameters = literalsOf(statement);
    const [plan] = await query(
      `explain (verbose, format json) execute explained${parameters && `(${parameters})`}`,
    );
    const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
    return (plan as [{ Plan: PlanNode }])
      .flatMap(({ Plan }) => nodesOf(Plan))
      .filter(({ Operation }) => Operation === 'Insert')
      .filter((node) => DISTRIBUTED_TABLES.some((table) => table === node['Relation Name']))
      .map(({ Plans }) => Plans?.at(-1)?.Output?.[0]);
  } finally {
    await client.query('deallocate explained');
  }
}

/** The columns of the tables that a statement also uses as names of other values of its result. */
const reusedNames = (text: string) =>
  query(
    `select distinct column_name::text from information_schema.columns
     where table_schema = 'public' and column_name = any ($1)`,
    [[...text.matchAll(/\) as (\w+)|'UTC' as (\w+)/g)].map(([, one, other]) => one ?? other)],
  );

// Citus removes the qualification of a column in ORDER BY, which then means the value of the result, so that no index is used.
test.each(distinct(variants.listTasks))(
  '$name sorts by columns of the table',
  async (statement) => {
    expect(await reusedNames(textOf(statement))).toEqual([]);
  },
);

test('a name that is used twice is found', async () => {
  expect(
    await reusedNames(`select created_at at time zone 'UTC' as created_at from tasks`),
  ).toEqual(['created_at']);
});

/** The names of the functions that a statement calls, and that return another value for each row. */
const volatileFunctions = (text: string) =>
  query(
    `select distinct proname::text from pg_proc where provolatile = 'v' and proname = any ($1)`,
    [[...text.matchAll(/\b(\w+)\s*\(/g)].map(([, name]) => name)],
  );

test.each(statements)('$name inserts only rows of its user', async (statement) => {
  for (const user of await insertedUsers(statement)) {
    expect(user).toBe(`'user-3'::text`);
  }
});

// The query plans of Citus do not show it.
test.skipIf(citusUrl !== undefined)('the statements that insert rows are found', async () => {
  const users = [];
  for (const statement of statements) users.push(...(await insertedUsers(statement)));
  expect(users).toHaveLength(6);
});

test.each(statements)('$name calls no volatile function', async (statement) => {
  expect(await volatileFunctions(textOf(statement))).toEqual([]);
});

test('a volatile function is found', async () => {
  expect(await volatileFunctions('update tasks set updated_at = clock_timestamp ()')).toEqual([
    'clock_timestamp',
  ]);
});
