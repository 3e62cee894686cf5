import { administer } from './server.ts';
import type { TestService } from './service.ts';
import { insertTasks } from './tasks.ts';
import { tokenOf } from './tokens.ts';

/** The user and the task of the contract's examples. */
export const EXAMPLE_USER = 'q3RkX0nVb8TzYw5LmC2hJ9sPdF6gA1eU';
export const EXAMPLE_TASK = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

/** Gives a service the user and the task of the contract's examples. Returns the user's token. */
export async function seedExample(service: TestService): Promise<string> {
  await administer(service.databaseUrl, `insert into users (id) values ('${EXAMPLE_USER}')`);
  await insertTasks(service, EXAMPLE_USER, [{ id: EXAMPLE_TASK, title: 'Buy milk' }]);
  return tokenOf(EXAMPLE_USER, { email: 'alice@example.com', name: 'Alice' });
}
