import { type Client, escapeLiteral } from 'pg';
import { randomUUIDv7 } from 'node:crypto';
import type { Caller, UserId } from '../../src/auth/caller.ts';
import * as ofIdempotencyKeys from '../../src/idempotency/statements.ts';
import * as ofRevocations from '../../src/revocations/statements.ts';
import type { Position } from '../../src/tasks/cursor.ts';
import type { List } from '../../src/tasks/list-query.ts';
import * as ofTasks from '../../src/tasks/statements.ts';
import * as ofUsers from '../../src/users/statements.ts';
import { lists } from './tasks.ts';

export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
  readonly name?: string | undefined;
}

export const statements = { ...ofTasks, ...ofUsers, ...ofIdempotencyKeys, ...ofRevocations };

/** How many tasks of each user the statements expect. */
const TASKS_OF_A_USER = 5000;

const USERS = 4;
const user = 'user-3' as UserId;
const caller: Caller = { id: user, email: 'three@example.com', name: 'Three', issuedAt: 0 };
export const id = randomUUIDv7();
const fields = { title: 'Buy milk', description: null, completed: false };
const key = { key: 'the-key', fingerprint: Buffer.alloc(32) };
const NIL = '00000000-0000-0000-0000-000000000000';

/** Positions among the seeded tasks, each with more than a page before and after it. */
export const positions = [0.2, 0.5, 0.8].map((part) => part * TASKS_OF_A_USER);
const positionAt = ({ sort }: List, number: number): Position => ({
  value:
    sort === 'title'
      ? `Task ${String(Math.round(number)).padStart(5, '0')}`
      : new Date(Date.UTC(2026, 0, 1) + Math.round(number) * 1000).toISOString(),
  id,
});

/** Pages of several sizes after a position; 0 is the start. */
export const pagesAt = (list: List, number: number): Statement[] =>
  [2, 21, 101].map((limit) =>
    statements.listTasks(user, list, number === 0 ? null : positionAt(list, number), limit),
  );

const versions = [null, [3], [1, 2, 3], []];

/** Every statement in all its variants. */
export const variants: Record<keyof typeof statements, Statement[]> = {
  listTasks: lists.flatMap((list) =>
    [0, ...positions, TASKS_OF_A_USER, 2 * TASKS_OF_A_USER].flatMap((number) =>
      pagesAt(list, number),
    ),
  ),
  findTask: [statements.findTask(user, id)],
  createTask: [statements.createTask(user, id, fields)],
  createUserAndTask: [statements.createUserAndTask(caller, id, fields)],
  createTaskOnce: [statements.createTaskOnce(user, id, fields, key)],
  createUserAndTaskOnce: [statements.createUserAndTaskOnce(caller, id, fields, key)],
  releaseEmail: [statements.releaseEmail(caller)],
  updateTask: versions.flatMap((accepted) =>
    [{ title: 'a' }, { description: null }, { description: 'b' }, { completed: true }].map(
      (changes) => statements.updateTask(user, id, changes, accepted),
    ),
  ),
  completeTask: versions.flatMap((accepted) =>
    [{ completed: true }, { completed: false }, {}].map((completion) =>
      statements.completeTask(user, id, completion, accepted),
    ),
  ),
  deleteTask: versions.map((accepted) => statements.deleteTask(user, id, accepted)),
  pruneIdempotencyKeys: [statements.pruneIdempotencyKeys(100)],
  pruneRevocations: [statements.pruneRevocations(86_400, 100)],
  revokeTokens: [statements.revokeTokens(caller)],
  revocationsSince: [statements.revocationsSince(0)],
  countTasks: [statements.countTasks(user)],
  exportUser: [
    { taskId: NIL, key: '' },
    { taskId: id, key: 'key-02500' },
  ].flatMap((after) => [2, 1001].map((limit) => statements.exportUser(user, after, limit))),
  deleteUser: [statements.deleteUser(user)],
};

/** Stores the rows that the statements expect, in random order. */
export async function seed(client: Client): Promise<void> {
  // VACUUM marks only pages as visible to all whose rows were committed durably.
  await client.query('set synchronous_commit = on');
  await client.query(
    `insert into users (id) select 'user-' || n from generate_series(1, ${USERS}) n`,
  );
  await client.query(
    `insert into tasks (user_id, id, title, completed, created_at, updated_at)
     select 'user-' || u, gen_random_uuid(), 'Task ' || lpad(n::text, 5, '0'), n % 3 = 0,
            timestamptz '2026-01-01Z' + n * interval '1 second',
            timestamptz '2026-01-01Z' + n * interval '1 second'
     from generate_series(1, ${USERS}) u, generate_series(1, ${TASKS_OF_A_USER}) n
     order by random()`,
  );
  await client.query(
    `insert into idempotency_keys (user_id, key, fingerprint, task_id)
     select 'user-' || u, 'key-' || lpad(n::text, 5, '0'), sha256(''), gen_random_uuid()
     from generate_series(1, ${USERS}) u, generate_series(1, ${TASKS_OF_A_USER}) n
     order by random()`,
  );
  await client.query('vacuum analyze');
}

/** The text of a statement with PostgreSQL's parameter syntax. */
export const textOf = ({ sql }: Statement) => sql.replaceAll('$slonik_', '$');

/** The parameters of a statement as SQL literals. */
export const literalsOf = ({ values }: Statement) => values.map(literal).join();

function literal(value: unknown): string {
  if (value === null) return 'null';
  if (Buffer.isBuffer(value)) return `'\\x${value.toString('hex')}'`;
  if (Array.isArray(value)) return `'{${value.join()}}'`;
  return escapeLiteral(typeof value === 'string' ? value : JSON.stringify(value));
}

/** One statement of each text. */
export const distinct = (list: readonly Statement[]) => [
  ...new Map(list.map((statement) => [textOf(statement), statement])).values(),
];
