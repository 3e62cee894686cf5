import { escapeLiteral } from 'pg';
import type { components } from '../../generated/types.ts';
import type { OperationId } from '../../src/contract.ts';
import type { Task } from './client.ts';
import { operationOf } from './operations.ts';
import { administer } from './server.ts';
import type { TestService } from './service.ts';
import { tokenOf } from './tokens.ts';

type Export = components['schemas']['UserExport'];

const user = exampleOf('getCurrentUser', '200', 'user') as Record<'id' | 'email' | 'name', string>;
const stored = exampleOf('exportCurrentUser', '200', 'all') as Export;

function tasksOf(page: string): Task[] {
  return (exampleOf('listTasks', '200', page) as { items: Task[] }).items;
}

function exampleOf(operationId: OperationId, status: string, name: string): unknown {
  const [content] = Object.values(operationOf(operationId).responses[status]?.content ?? {});
  return content?.examples[name]?.value;
}

/** All tasks in the examples of the contract; the first one is in most examples. */
export const exampleTasks = ['page', 'last'].flatMap(tasksOf);

/** The ids of the user and of the first task in the examples. */
export const EXAMPLE_USER = user.id;
export const EXAMPLE_TASK = exampleTasks[0]?.id ?? '';

/** The token of the user in the examples. */
export const exampleToken = () => tokenOf(user.id, { email: user.email, name: user.name });

/**
 * Stores the data of the contract's examples, and no other data: the user, their idempotency keys and these tasks, by default
 * the first one. Returns the token of the user.
 */
export async function seedExample(
  service: TestService,
  tasks: readonly Task[] = exampleTasks.slice(0, 1),
): Promise<string> {
  // The version in the examples of `ETag` and `If-Match`.
  const rows = tasks.map((task) => ({ ...task, version: 3 }));
  const fingerprint = `\\x${'00'.repeat(32)}`;
  const keys = stored.idempotency_keys.map((key) => ({ ...key, user_id: user.id, fingerprint }));
  await administer(
    service.databaseUrl,
    `truncate users, token_revocations cascade;
     ${insertion('users', stored.user ? [stored.user] : [])};
     ${insertion('tasks', rows)};
     ${insertion('idempotency_keys', keys)}`,
  );
  return exampleToken();
}

function insertion(table: string, rows: readonly object[]): string {
  const json = escapeLiteral(JSON.stringify(rows));
  return `insert into ${table} select * from jsonb_populate_recordset(null::${table}, ${json})`;
}
