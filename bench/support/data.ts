import { query } from './database.ts';

/** The user whose token all requests have. */
export const USER = 'bench-user';
/** The title of the tasks that the benchmark creates, and deletes after the measurement. */
export const CREATED_TITLE = 'Call the plumber about the kitchen sink';
const USER_TASKS = 10_000;
const OTHER_USERS = 100;
const TASKS_OF_OTHERS = 100;

/** Fills a migrated database: a user with 10,000 tasks, beside 100 users with 100 tasks each. A third is completed. */
export async function seed(url: string): Promise<void> {
  await query(
    url,
    `insert into users (id, email, name)
     select id, id || '@example.com', id
     from (select 'user-' || n as id from generate_series(1, ${OTHER_USERS}) as n) as ids`,
  );
  await insertTasks(url, `'user-' || (n % ${OTHER_USERS} + 1)`, OTHER_USERS * TASKS_OF_OTHERS);
  await seedUser(url);
}

/** Adds the user with 10,000 tasks to a database. */
export async function seedUser(url: string): Promise<void> {
  await query(url, 'insert into users (id, email, name) values ($1, $2, $1)', [
    USER,
    `${USER}@example.com`,
  ]);
  await insertTasks(url, `'${USER}'`, USER_TASKS);
  await query(url, 'vacuum (freeze, analyze)');
}

/**
 * Inserts tasks that were created one second apart, the last one now.
 *
 * @param userId an SQL expression of the number `n` of the task
 */
async function insertTasks(url: string, userId: string, count: number): Promise<void> {
  await query(
    url,
    `insert into tasks (user_id, id, title, description, completed, created_at, updated_at)
     select ${userId}, uuidv7(age), 'Task ' || n || ' of the weekly plan',
            case when n % 2 = 0 then 'Ask for the two offers first, then compare prices and dates' end,
            n % 3 = 0, now() + age, now() + age
     from generate_series(1, ${count}) as n, lateral (select (n - ${count}) * interval '1 second' as age) as ages`,
  );
}

/** The ids of the user's tasks. */
export async function taskIds(url: string): Promise<string[]> {
  const rows = await query(url, 'select id from tasks where user_id = $1 order by id', [USER]);
  return rows.map(({ id }) => String(id));
}

/** Deletes what a measurement created, and the dead rows. */
export async function cleanUp(url: string): Promise<void> {
  await query(url, 'delete from tasks where user_id = $1 and title = $2', [USER, CREATED_TITLE]);
  await query(url, 'vacuum analyze tasks');
  await query(url, 'vacuum users');
}
