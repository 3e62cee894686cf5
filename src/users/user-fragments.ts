import { sql } from 'slonik';
import type { Caller } from '../auth/caller.ts';
import type { Parameters } from '../db/statement.ts';

// Parts of statements that write something of a user. They lock the user, so that a concurrent deletion of the user waits for
// the statement and then deletes its rows as well.

/** The values for `insertUser`. */
export const userValues = ({ id, email, name }: Caller) => ({
  userId: id,
  userEmail: email,
  userName: name,
});

type User = Parameters<ReturnType<typeof userValues>>;

/** Locks the user. Returns no row if the user is not stored. */
export const lockUser = ({ userId }: Pick<User, 'userId'>) => sql.fragment`
  select id from users where id = ${userId} for key share`;

/**
 * Inserts the caller as a user, with the email and name of the token. An existing user is locked but not changed, and returns
 * no row.
 */
export const insertUser = ({ userId, userEmail, userName }: User) => sql.fragment`
  insert into users (id, email, name)
  values (${userId}, ${userEmail}, ${userName})
  on conflict (id) do update set name = users.name where false
  returning id`;
