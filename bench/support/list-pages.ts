import { performance } from 'node:perf_hooks';
import { Client } from 'pg';
import type { UserId } from '../../src/auth/caller.ts';
import type { Position } from '../../src/tasks/cursor.ts';
import type { List } from '../../src/tasks/list-query.ts';
import { listTasks } from '../../src/tasks/statements.ts';
import { cpuOfThread } from './usage.ts';

/** As many rows as the service reads for a page of 20 tasks. */
const ROWS = 21;
/** The deepest page that is read begins this many tasks before the end. */
const TAIL = 50;
/** PostgreSQL plans a prepared statement at each of its first five executions. */
const WARM_UP = 10;

const sortKeys = {
  created: 'created_at',
  updated: 'updated_at',
  title: 'title collate task_title_natural',
};
const conditions = { all: 'true', pending: 'not completed', completed: 'completed' };

/** All lists: each status filter in each order of each sort. */
export const lists: readonly List[] = (['all', 'pending', 'completed'] as const).flatMap((status) =>
  (['created', 'updated', 'title'] as const).flatMap((sort) =>
    (['asc', 'desc'] as const).map((order) => ({ status, sort, order })),
  ),
);

/** One page of a user's list. */
export interface Page {
  readonly userId: string;
  readonly list: List;
  /** undefined for the first page. */
  readonly after?: Position | undefined;
}

/** Reads pages with the statements of the service on one connection. */
export interface PageReader extends AsyncDisposable {
  /** The position in the middle of a list, and one near its end. */
  positions(userId: string, list: List): Promise<{ middle: Position; deep: Position }>;
  /** CPU time of PostgreSQL per page in µs. */
  cpu(page: Page, milliseconds: number): Promise<number>;
  /** The number of 8 kB buffers that PostgreSQL reads for a page. */
  buffers(page: Page): Promise<number>;
}

export async function openReader(databaseUrl: string): Promise<PageReader> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const pid = rows[0]?.pid ?? NaN;

  const position = async (userId: string, { status, sort, order }: List, offset: number) => {
    const key = sortKeys[sort];
    const found = await client.query<{ value: string; id: string }>(
      `select (${key})::text as value, id from tasks where user_id = $1 and ${conditions[status]}
       order by ${key} ${order}, tasks.id ${order} offset $2 limit 1`,
      [userId, offset],
    );
    const [row] = found.rows;
    if (!row) throw new Error(`no task at ${offset} of the list of ${userId}`);
    return row;
  };

  return {
    async positions(userId, list) {
      const { rows: counts } = await client.query<{ count: string }>(
        `select count(*) from tasks where user_id = $1 and ${conditions[list.status]}`,
        [userId],
      );
      const count = Number(counts[0]?.count);
      return {
        middle: await position(userId, list, Math.floor(count / 2)),
        deep: await position(userId, list, count - TAIL),
      };
    },

    async cpu(page, milliseconds) {
      const statement = statementOf(page);
      for (let n = 0; n < WARM_UP; n += 1) await client.query(statement);
      const start = { time: performance.now(), cpu: cpuOfThread(pid) };
      let count = 0;
      do {
        await client.query(statement);
        count += 1;
      } while (performance.now() - start.time < milliseconds);
      return (cpuOfThread(pid) - start.cpu) / count;
    },

    async buffers(page) {
      const { name, values } = statementOf(page);
      const literals = values.map((value) => client.escapeLiteral(String(value)));
      const { rows: plans } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
        `explain (analyze, buffers, format json) execute "${name}"(${literals.join(', ')})`,
      );
      const plan = plans[0]?.['QUERY PLAN'][0].Plan;
      return (plan?.['Shared Hit Blocks'] ?? NaN) + (plan?.['Shared Read Blocks'] ?? NaN);
    },

    [Symbol.asyncDispose]: () => client.end(),
  };
}

interface Plan {
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
}

/** The service's statement for a page, for `pg`: Slonik writes its parameters as `$slonik_1`. */
function statementOf({ userId, list, after }: Page) {
  const { name, sql, values } = listTasks(userId as UserId, list, after ?? null, ROWS);
  return { name, text: sql.replaceAll('$slonik_', '$'), values: [...values] };
}
