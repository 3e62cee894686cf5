import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/db/migrate.ts';
import { startEmbedded } from '../../src/embedded-postgres/start.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { runProcess } from '../support/process.ts';
import { administer } from '../support/server.ts';

const log = { info: () => undefined };
const ROWS = `select id, title, created_at::text from tasks order by id`;

let dataDir: string;
let database: TestDatabase;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'tasks-export-'));
  // If the tests run as root, PostgreSQL runs as another user.
  await chmod(dataDir, 0o755);
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

const exportTo = (url: string) => runProcess('ops/export-db.ts', { DATA_DIR: dataDir }, url);

test('make export-db copies the embedded database to another, which has to be empty', async () => {
  const server = await startEmbedded({ dataDir, log: () => undefined });
  let rows: unknown;
  try {
    await migrate(server.url, log);
    await administer(server.url, `insert into users (id) values ('alice'), ('bob')`);
    await administer(
      server.url,
      `insert into tasks (user_id, id, title)
       select 'alice', gen_random_uuid(), 'Task "' || n || E'" \\\\ \\n 😀' from generate_series(1, 1500) n`,
    );
    rows = await administer(server.url, ROWS);
    const { code, stdout, stderr } = await exportTo(database.url);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('users: 2 rows\n');
    expect(stdout).toContain('tasks: 1500 rows\n');
    const again = await exportTo(database.url);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^to: the table \S+ is not empty\n$/);
  } finally {
    await server.stop();
  }
  expect(await administer(database.url, ROWS)).toEqual(rows);
});

test.each(['', 'localhost'])('"%s" is not a URL of a database', async (url) => {
  const { code, stderr } = await exportTo(url);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^to: .+; run: make export-db to=.+\n$/);
});
