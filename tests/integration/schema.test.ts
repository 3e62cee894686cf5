import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violates } from '../../src/db/errors.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { administer } from '../support/server.ts';

describe('the schema', () => {
  let url: string;
  let database: TestDatabase;
  const run = (statement: string) => administer(url, statement);

  beforeAll(async () => {
    database = await createTestDatabase();
    url = database.url;
    await run(`insert into users (id, email) values ('alice', 'Alice@example.com')`);
  });
  afterAll(() => database.drop());

  const task = (columns: string, values: string) =>
    `insert into tasks (user_id, id, title${columns}) values ('alice', gen_random_uuid(), ${values})`;

  test.each([
    ['users_email_key', `insert into users (id, email) values ('bob', 'alice@EXAMPLE.com')`],
    ['users_id_length', `insert into users (id) values ('')`],
    ['users_id_length', `insert into users (id) values (repeat('é', 256))`],
    ['tasks_title_length', task('', `''`)],
    ['tasks_title_length', task('', `repeat('😀', 201)`)],
    ['tasks_description_length', task(', description', `'t', repeat('😀', 1001)`)],
    ['tasks_version_positive', task(', version', `'t', 0`)],
    [
      'tasks_user_id_fkey',
      `insert into tasks (user_id, id, title) values ('nobody', gen_random_uuid(), 't')`,
    ],
    [
      'idempotency_keys_key_length',
      `insert into idempotency_keys values ('alice', '', sha256(''), gen_random_uuid())`,
    ],
    [
      'idempotency_keys_fingerprint_length',
      `insert into idempotency_keys values ('alice', 'k', '', gen_random_uuid())`,
    ],
  ])('%s rejects %s', async (constraint, statement) => {
    const error: unknown = await run(statement).catch((thrown: unknown) => thrown);
    expect(violates(error, constraint), String(error)).toBe(true);
  });

  test('lengths count characters, not bytes or UTF-16 units', async () => {
    await run(task(', description', `repeat('😀', 200), repeat('😀', 1000)`));
    const [row] = await run(
      'select completed, version, updated_at = created_at as same from tasks',
    );
    expect(row).toEqual({ completed: false, version: 1, same: true });
  });

  test('deleting a user deletes their tasks and keys', async () => {
    await run(`insert into users (id) values ('carol')`);
    await run(`insert into tasks (user_id, id, title) values ('carol', gen_random_uuid(), 't')`);
    await run(`insert into idempotency_keys values ('carol', 'k', sha256(''), gen_random_uuid())`);
    await run(`delete from users where id = 'carol'`);
    const rows = await run(
      `select user_id from tasks where user_id = 'carol' union all select user_id from idempotency_keys`,
    );
    expect(rows).toEqual([]);
  });

  // The first is that of the previous version.
  test.each(['task_title', 'task_title_natural'])(
    '%s is alphabetical, ignoring case',
    async (name) => {
      const rows = await run(
        `select title from (values ('Zebra'), ('Éclair'), ('f'), ('apple'), ('eclipse'), ('eclair')) as t (title)
       order by title collate ${name}`,
      );
      expect(rows.map(({ title }) => title)).toEqual([
        'apple',
        'eclair',
        'Éclair',
        'eclipse',
        'f',
        'Zebra',
      ]);
      const [ties] = await run(
        `select 'a' = 'A' collate ${name} as cases, 'e' = 'é' collate ${name} as accents,
              '2' < '10' collate ${name} as numbers`,
      );
      const numbers = name === 'task_title_natural';
      expect(ties).toEqual({ cases: true, accents: false, numbers });
    },
  );

  test('each index for a sort order goes from user_id to id', async () => {
    const rows = await run(
      `select indexdef from pg_indexes where tablename = 'tasks' and indexname <> 'tasks_pkey' order by indexname`,
    );
    expect(rows.map(({ indexdef }) => /\((.*)\)/.exec(String(indexdef))?.[1])).toEqual([
      'user_id, completed, created_at, id',
      'user_id, completed, title COLLATE task_title, id',
      'user_id, completed, title COLLATE task_title_natural, id',
      'user_id, completed, updated_at, id',
      'user_id, created_at, id',
    ]);
  });
});
