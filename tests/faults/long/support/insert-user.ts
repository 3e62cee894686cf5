import { escapeLiteral } from 'pg';
import { administer } from '../../../support/server.ts';

/**
 * Stores a user with tasks.
 *
 * @param bytes the approximate size of a task
 */
export async function insertUser(
  databaseUrl: string,
  user: string,
  tasks: number,
  bytes = 100,
): Promise<void> {
  const id = escapeLiteral(user);
  await administer(
    databaseUrl,
    `with stored as (insert into users (id) values (${id}))
     insert into tasks (user_id, id, title, description)
     select ${id}, gen_random_uuid(), 'A task', repeat('𝄞', ${Math.round(bytes / 4)})
     from generate_series(1, ${tasks})`,
  );
}
