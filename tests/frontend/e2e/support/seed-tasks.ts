import { escapeLiteral } from 'pg';
import type { TestApplication } from '../../../support/application.ts';
import { administer } from '../../../support/server.ts';
import { insertTasks } from '../../../support/tasks.ts';
import type { Person } from './person.ts';

/** Inserts tasks of a user into the database, all with the same times. */
export async function seedTasks(
  { databaseUrl }: TestApplication,
  { id }: Person,
  titles: readonly string[],
): Promise<void> {
  await administer(
    databaseUrl,
    `insert into users (id) values (${escapeLiteral(id)}) on conflict do nothing`,
  );
  const tasks = titles.map((title) => ({ title }));
  await insertTasks({ databaseUrl }, id, tasks);
}
