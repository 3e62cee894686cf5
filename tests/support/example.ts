import { escapeLiteral } from 'pg';
import type { OperationId } from '../../src/contract.ts';
import type { Task } from './client.ts';
import { operations } from './operations.ts';
import { administer } from './server.ts';
import type { TestService } from './service.ts';
import { tokenOf } from './tokens.ts';

const user = exampleOf('getCurrentUser', '200', 'user') as Record<'id' | 'email' | 'name', string>;

function tasksOf(page: string): Task[] {
  return (exampleOf('listTasks', '200', page) as { items: Task[] }).items;
}

function exampleOf(operationId: OperationId, status: string, name: string): unknown {
  const operation = operations.find((it) => it.operationId === operationId);
  const [content] = Object.values(operation?.replies[status]?.content ?? {});
  return content?.examples[name]?.value;
}

/** Every task of the contract's examples, the one that most of them are about first. */
export const exampleTasks = ['page', 'last'].flatMap(tasksOf);

/** The user and that task. */
export const EXAMPLE_USER = user.id;
export const EXAMPLE_TASK = exampleTasks[0]?.id ?? '';

/** The token of that user. */
export const exampleToken = () => tokenOf(user.id, { email: user.email, name: user.name });

/** Makes the contract's examples true: nobody but their user, with that task or more. Returns the user's token. */
export async function seedExample(
  service: TestService,
  tasks: readonly Task[] = exampleTasks.slice(0, 1),
): Promise<string> {
  // The third version, as the examples of `ETag` and `If-Match` have it.
  const rows = tasks.map((task) => ({ ...task, version: 3 }));
  await administer(
    service.databaseUrl,
    `truncate users cascade;
     insert into users (id) values (${escapeLiteral(user.id)});
     insert into tasks
     select * from jsonb_populate_recordset(null::tasks, ${escapeLiteral(JSON.stringify(rows))})`,
  );
  return exampleToken();
}
