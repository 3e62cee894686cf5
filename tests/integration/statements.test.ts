import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DISTRIBUTED_TABLES } from '../../src/db/distribute.ts';
import { citusUrl } from '../support/citus.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import {
  type Statement,
  distinct,
  id,
  literalsOf,
  pagesAt,
  positions,
  seed,
  statements,
  textOf,
  variants,
} from '../support/statements.ts';
import { lists } from '../support/tasks.ts';

const all = Object.values(variants).flat();
/** Those that read rows of one user. */
const { pruneIdempotencyKeys: _, ...scoped } = variants;

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  Filter?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
}

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

/** All nodes of the plan of a prepared statement. */
async function planOf(statement: Statement, mode: 'custom' | 'generic'): Promise<PlanNode[]> {
  await client.query(`set plan_cache_mode = force_${mode}_plan`);
  await client.query(`prepare walked as ${textOf(statement)}`);
  try {
    const parameters = literalsOf(statement);
    const call = parameters ? `walked(${parameters})` : 'walked';
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (format json) execute ${call}`,
    );
    const [row] = rows;
    if (!row) throw new Error('there is no plan');
    return nodesOf(row['QUERY PLAN'][0].Plan);
  } finally {
    await client.query('deallocate walked');
  }
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** Whether a node of the plan itself reads one of the tables that a Citus cluster distributes by user. */
const readsRows = (node: PlanNode) =>
  DISTRIBUTED_TABLES.some((table) => table === node['Relation Name']) &&
  node['Node Type'] !== 'ModifyTable';

const readsTasks = (node: PlanNode) => readsRows(node) && node['Relation Name'] === 'tasks';

const namesUser = (node: PlanNode) =>
  [node['Index Cond'], node.Filter, node['Recheck Cond']].some(
    (condition = '') =>
      /\(user_id = ('user-3'::text|\$\d+)\)/.test(condition) && !condition.includes(' OR '),
  );

/** Asserts that every node that reads tasks or keys has a condition on the user. Returns the number of these nodes. */
async function expectUserInConditions(statement: Statement): Promise<number> {
  let count = 0;
  for (const mode of ['custom', 'generic'] as const) {
    const reading = (await planOf(statement, mode)).filter(readsRows);
    for (const node of reading) {
      expect(namesUser(node), `${textOf(statement)}\n${JSON.stringify(node)}`).toBe(true);
    }
    count += reading.length;
  }
  return count;
}

test('the variants contain every statement', () => {
  expect(Object.keys(variants).toSorted()).toEqual(Object.keys(statements).toSorted());
  for (const list of Object.values(variants)) expect(list).not.toHaveLength(0);
});

test('each statement text has its own name', () => {
  const texts = new Map<string, Set<string>>();
  for (const statement of all) {
    const name = statement.name ?? '';
    texts.set(name, (texts.get(name) ?? new Set()).add(textOf(statement)));
  }
  expect(texts.has('')).toBe(false);
  for (const [name, found] of texts) expect([...found], name).toHaveLength(1);
  const distinct = new Set(all.map(textOf));
  expect(texts.size).toBe(distinct.size);
  // 18 lists, with and without a position; the 16 others.
  expect(texts.size).toBe(18 * 2 + 16);
});

const readers = [
  'listTasks',
  'findTask',
  'updateTask',
  'completeTask',
  'deleteTask',
  'countTasks',
  'exportUser',
];

// On Citus, citus.test.ts reads the query plans.
const onOneServer = describe.skipIf(citusUrl !== undefined);

onOneServer('every access to tasks and keys has a condition on the user', () => {
  const names = Object.keys(scoped) as (keyof typeof scoped)[];

  test.each(names)('by %s on an empty table', async (name) => {
    for (const statement of distinct(scoped[name])) {
      const count = await expectUserInConditions(statement);
      expect(count > 0).toBe(readers.includes(name));
    }
  });

  test('this test detects a missing condition', async () => {
    for (const sql of [
      'select * from tasks',
      'select * from idempotency_keys',
      `select * from tasks where id = '${id}'`,
      'select count(*) from tasks where completed',
      'delete from tasks where completed',
      `select * from tasks where user_id > 'user-3'`,
      `select * from tasks where user_id = 'user-3' or completed`,
      `update tasks set completed = true where id in (select id from tasks where user_id = 'user-3')`,
    ]) {
      await expect(expectUserInConditions({ sql, values: [] })).rejects.toThrow(sql);
    }
  });
});

onOneServer('on a table with many rows', () => {
  beforeAll(() => seed(client));

  test('every access to tasks and keys still has a condition on the user', async () => {
    for (const statement of Object.values(scoped).flat()) await expectUserInConditions(statement);
  });

  const merged = ['Subquery Scan', 'Limit', 'Index Scan'];

  test.each(lists)('$status by $sort $order are read from an index, in order', async (list) => {
    const own = [0, ...positions].flatMap((number) => pagesAt(list, number));
    const column = list.sort === 'title' ? 'title' : `${list.sort}_at`;
    // All tasks by title or time of change are the pending and the completed ones, merged.
    const isMerged = list.status === 'all' && list.sort !== 'created';
    const expected = isMerged
      ? ['Limit', 'Result', 'Merge Append', ...merged, ...merged]
      : ['Limit', 'Index Scan'];
    for (const statement of own) {
      for (const mode of ['custom', 'generic'] as const) {
        const nodes = await planOf(statement, mode);
        const types = nodes.map((node) => node['Node Type']);
        const what = `${mode} ${JSON.stringify(statement.values)} ${JSON.stringify(nodes)}`;
        expect(types, what).toEqual(expected);
        for (const scan of nodes.filter(readsTasks)) {
          const condition = scan['Index Cond'] ?? '';
          expect(scan['Index Name'], what).toContain(list.sort);
          expect(condition, what).toContain('user_id = ');
          // Otherwise a later page would read all previous pages.
          const after = statement.values.length > 2;
          if (after) expect(condition, what).toMatch(new RegExp(`ROW\\(\\(?${column}.*, id\\)`));
          // Otherwise a page would read all tasks of the other status.
          if (list.status !== 'all' || isMerged) expect(condition, what).toContain('completed = ');
          expect(scan.Filter, what).toBeUndefined();
        }
      }
    }
  });

  test.each(['findTask', 'updateTask', 'completeTask', 'deleteTask'] as const)(
    '%s finds its task by the primary key',
    async (name) => {
      for (const statement of variants[name]) {
        const [scan] = (await planOf(statement, 'generic')).filter(readsTasks);
        expect(scan?.['Node Type']).toBe('Index Scan');
        expect(scan?.['Index Name']).toBe('tasks_pkey');
        expect(scan?.['Index Cond']).toMatch(/user_id = .*\(id = /);
      }
    },
  );

  test('countTasks is an index-only scan', async () => {
    for (const statement of variants.countTasks) {
      for (const mode of ['custom', 'generic'] as const) {
        const [scan] = (await planOf(statement, mode)).filter(readsTasks);
        expect(scan?.['Node Type']).toBe('Index Only Scan');
        expect(scan?.['Index Cond']).toMatch(/^\(user_id = /);
      }
    }
  });

  test.each([
    ['tasks', /user_id = .*\(id > /],
    ['idempotency_keys', /user_id = .*\(key > /],
  ])('exportUser continues in %s by the primary key', async (table, condition) => {
    for (const statement of variants.exportUser) {
      for (const mode of ['custom', 'generic'] as const) {
        const nodes = await planOf(statement, mode);
        const [scan] = nodes.filter((node) => node['Relation Name'] === table);
        expect(scan?.['Node Type']).toBe('Index Scan');
        expect(scan?.['Index Name']).toBe(`${table}_pkey`);
        expect(scan?.['Index Cond']).toMatch(condition);
      }
    }
  });
});
