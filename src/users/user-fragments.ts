import { sql } from 'slonik';
import type { Caller } from '../auth/caller.ts';
import type { Parameters } from '../db/statement.ts';

// Parts of statements that write something of a user. They lock the user, so that a concurrent deletion of the user waits for
// the statement and then deletes its rows as well.

/** The values for `insertUser` and `unlessRevoked`. */
export const userValues = ({ id, email, name, issuedAt }: Caller) => ({
  userId: id,
  userEmail: email,
  userName: name,
  issuedAt,
});

type User = Parameters<ReturnType<typeof userValues>>;

/** Locks the user. Returns no row if the user is not stored. */
export const lockUser = ({ userId }: Pick<User, 'userId'>) => sql.fragment`
  select id from users where id = ${userId} for key share`;

/**
 * The condition that the caller's token is not revoked. It belongs to every statement that stores a user, because processes
 * notice a revocation only later: a revoked token must not store a user again who has left.
 */
export const unlessRevoked = ({
  userId,
  issuedAt,
}: Pick<User, 'userId' | 'issuedAt'>) => sql.fragment`
  not exists (
    select from token_revocations
    where user_id = ${userId} and issued_before > to_timestamp(${issuedAt})
  )`;

/**
 * Inserts the caller as a user, with the email and name of the token. An existing user is locked but not changed, and returns
 * no row.
 */
export const insertUser = ({ userId, userEmail, userName, issuedAt }: User) => sql.fragment`
  insert into users (id, email, name)
  select ${userId}, ${userEmail}, ${userName}
  where ${unlessRevoked({ userId, issuedAt })}
  on conflict (id) do update set name = users.name where false
  returning id`;
