import { Client } from 'pg';
import { ConfigError } from '../../src/errors/config-error.ts';

/** The user with a tenth as many tasks as all others together. */
export const LARGE_USER = 'large-user';
/** One of the users with 100 tasks each. */
export const SMALL_USER = 'user-1';
const TASKS_OF_OTHERS = 100;
/** Every eleventh task belongs to the large user. The others are spread evenly, as in a database that grows over time. */
const SHARE = 11;
const CHUNK = 1_000_000;
const ROWS = 11_000_000;
const MIN_ROWS = 11_000;

type Print = (line: string) => void;

/**
 * The number of tasks of the large database: the environment variable `rows`, or 11 million.
 *
 * @throws {ConfigError} if it is not an integer of at least 11,000
 */
export function readRows(): number {
  const { rows = String(ROWS) } = process.env;
  const number = Number(rows);
  if (!Number.isInteger(number) || number < MIN_ROWS)
    throw new ConfigError(`rows=${rows}: expected an integer from ${MIN_ROWS}`);
  return number;
}

/** Fills a migrated database: one user has an eleventh of the tasks, and the rest belong to users with 100 tasks each. */
export async function loadLarge(url: string, rows: number, print: Print): Promise<void> {
  const users = Math.ceil((rows * (SHARE - 1)) / SHARE / TASKS_OF_OTHERS);
  await withClient(url, async (client) => {
    await insertUser(client, LARGE_USER);
    await client.query(
      `insert into users (id) select 'user-' || n from generate_series(1, ${users}) as n`,
    );
    const restore = await dropIndexes(client);
    for (let first = 1; first <= rows; first += CHUNK) {
      const last = Math.min(first + CHUNK - 1, rows);
      const userId = `case n % ${SHARE} when 0 then '${LARGE_USER}' else 'user-' || (n % ${users} + 1) end`;
      await insertTasks(client, userId, first, last, rows);
      print(`Inserted ${last.toLocaleString('en')} of ${rows.toLocaleString('en')} tasks`);
    }
    for (const definition of restore) {
      print(`Running: ${definition}`);
      await client.query(definition);
    }
    print('Collecting statistics');
    await client.query('vacuum (freeze, analyze)');
  });
}

/** Fills a migrated database with one user with 100 tasks. */
export async function loadSmall(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await insertUser(client, SMALL_USER);
    await insertTasks(client, `'${SMALL_USER}'`, 1, TASKS_OF_OTHERS, TASKS_OF_OTHERS);
    await client.query('vacuum (freeze, analyze)');
  });
}

async function withClient(url: string, use: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function insertUser(client: Client, id: string): Promise<void> {
  await client.query('insert into users (id) values ($1)', [id]);
}

/** Inserts the tasks `first` to `last` of `total`, one second apart. `userId` is an SQL expression of the number `n`. */
async function insertTasks(
  client: Client,
  userId: string,
  first: number,
  last: number,
  total: number,
): Promise<void> {
  await client.query(
    `insert into tasks (user_id, id, title, description, completed, created_at, updated_at)
     select ${userId}, uuidv7(age), 'Task ' || n || ' of the weekly plan',
            case when n % 2 = 0 then 'Ask for the two offers first, then compare prices and dates' end,
            n % 3 = 0, now() + age, now() + age
     from generate_series(${first}, ${last}) as n,
          lateral (select (n - ${total}) * interval '1 second' as age) as ages`,
  );
}

/**
 * Drops the indexes and foreign keys of `tasks`, because building them afterwards is faster.
 *
 * @returns the statements that create them again
 */
async function dropIndexes(client: Client): Promise<string[]> {
  const { rows: constraints } = await client.query<{ name: string; definition: string }>(
    `select quote_ident(conname) as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where conrelid = 'tasks'::regclass and contype in ('p', 'f') order by contype desc`,
  );
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
     from pg_index where indrelid = 'tasks'::regclass and not indisprimary`,
  );
  for (const { name } of constraints)
    await client.query(`alter table tasks drop constraint ${name}`);
  for (const { name } of indexes) await client.query(`drop index ${name}`);
  await client.query(`set maintenance_work_mem = '512MB'`);
  return [
    ...constraints.map(
      ({ name, definition }) => `alter table tasks add constraint ${name} ${definition}`,
    ),
    ...indexes.map(({ definition }) => definition),
  ];
}
