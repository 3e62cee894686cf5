import { escapeLiteral } from 'pg';
import type { TestApplication } from '../../../support/application.ts';
import type { Task } from '../../../support/client.ts';
import { administer } from '../../../support/server.ts';
import { insertTasks } from '../../../support/tasks.ts';
import type { Person } from './person.ts';

/** Gives somebody many tasks at once, past the service. */
export async function seedTasks(
  { databaseUrl }: TestApplication,
  { id }: Person,
  tasks: Partial<Task>[],
): Promise<void> {
  await administer(
    databaseUrl,
    `insert into users (id) values (${escapeLiteral(id)}) on conflict do nothing`,
  );
  await insertTasks({ databaseUrl }, id, tasks);
}
