import { escapeLiteral } from 'pg';
import { administer } from '../../../support/server.ts';

/** Stores 1,000 tasks of 5 kB for a user: an export of them has 5 MB. */
export async function storeLargeTasks(databaseUrl: string, user: string): Promise<void> {
  await administer(
    databaseUrl,
    `with stored as (insert into users (id) values (${escapeLiteral(user)}))
     insert into tasks (user_id, id, title, description)
     select ${escapeLiteral(user)}, gen_random_uuid(), repeat('𝄞', 200), repeat('𝄞', 1000)
     from generate_series(1, 1000)`,
  );
}
