import { sql } from 'slonik';
import type { Caller } from '../auth/caller.ts';

/**
 * Part of a statement: inserts the caller as a user, with the email and name of the token. An existing user is locked but
 * not changed, so that a concurrent deletion of the user waits for this statement and then deletes its rows as well.
 */
export const insertUser = ({ id, email, name }: Caller) => sql.fragment`
  insert into users (id, email, name)
  values (${id}, ${email}, ${name})
  on conflict (id) do update set name = users.name where false
  returning id`;
