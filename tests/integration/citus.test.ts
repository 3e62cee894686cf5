import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError } from '../../src/errors/config-error.ts';
import { DISTRIBUTED_TABLES, distributeTables, REFERENCE_TABLES } from '../../src/db/distribute.ts';
import { migrate } from '../../src/db/migrate.ts';
import { citusName, citusUrl } from '../support/citus.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';
import {
  distinct,
  literalsOf,
  pagesAt,
  type Statement,
  positions,
  seed,
  textOf,
  variants,
} from '../support/statements.ts';
import { lists } from '../support/tasks.ts';

const silent = { info: () => undefined };

test.skipIf(citusUrl !== undefined)('a server without Citus is a configuration error', async () => {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const error: unknown = await distributeTables(database.url, silent).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message).toMatch(
    /^DATABASE_DISTRIBUTED: the database of DATABASE_URL has no extension citus; .* or remove DATABASE_DISTRIBUTED$/,
  );
});

describe.skipIf(citusUrl === undefined)(citusName, () => {
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

  /** The plan of a statement on the cluster, including that of a task on its worker. */
  async function planOf(statement: Statement): Promise<string> {
    const parameters = literalsOf(statement);
    await client.query(`prepare explained as ${textOf(statement)}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain execute explained${parameters && `(${parameters})`}`,
    );
    await client.query('deallocate explained');
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  }

  const types = [
    ...REFERENCE_TABLES.map((name) => ({ name, type: 'reference' })),
    ...DISTRIBUTED_TABLES.map((name) => ({ name, type: 'distributed' })),
  ].toSorted((a, b) => a.name.localeCompare(b.name));

  /** Those that are for one user, or read and write tables that every node stores. */
  const { pruneIdempotencyKeys: _, ...routed } = variants;

  test.each(distinct(Object.values(routed).flat()))(
    '$name has a single task',
    async (statement) => {
      const text = await planOf(statement);
      const counts = [...text.matchAll(/Task Count: (\d+)/g)].map(([, count]) => Number(count));
      expect(counts, text).not.toHaveLength(0);
      expect(new Set(counts), text).toEqual(new Set([1]));
    },
  );

  describe('on tables with many rows', () => {
    beforeAll(() => seed(client));

    test.each(lists)('$status by $sort $order are read from an index, in order', async (list) => {
      for (const statement of [0, ...positions].flatMap((number) => pagesAt(list, number))) {
        const plan = await planOf(statement);
        expect(plan).toContain('Index Scan');
        expect(plan).not.toMatch(/\bSort\b(?! Key)|Seq Scan|Bitmap/);
      }
    });
  });

  test('tables with rows are distributed; again without effect', async () => {
    const empty = await createTestDatabase({ empty: true });
    const { url } = empty;
    onTestFinished(() => empty.drop());
    await migrate(url, silent);
    await administer(
      url,
      `insert into users (id) select 'user-' || n from generate_series(1, 50) n;
       insert into tasks (user_id, id, title) select id, gen_random_uuid(), 'Task' from users`,
    );
    await distributeTables(url, silent);
    const found = await administer(
      url,
      'select table_name::text as name, citus_table_type as type from citus_tables order by 1',
    );
    expect(found).toEqual(types);
    const lines: unknown[] = [];
    await distributeTables(url, { info: (line: unknown) => void lines.push(line) });
    expect(lines).toEqual([]);
    const [row] = await administer(url, 'select count(*)::integer as tasks from tasks');
    expect(row).toEqual({ tasks: 50 });
  });
});
