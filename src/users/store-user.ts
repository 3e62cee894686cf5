import { sql } from 'slonik';
import type { Caller } from '../auth/caller.ts';
import type { Parameters } from '../db/statement.ts';

/** The values for `storeUser`. */
export const userValues = ({ id, email, name, issuedAt }: Caller) => ({
  userId: id,
  userEmail: email,
  userName: name,
  issuedAt,
});

type User = Parameters<ReturnType<typeof userValues>>;

/**
 * The condition that the caller's token is not revoked. It belongs to every statement that stores a user, because processes
 * notice a revocation only later: a revoked token must not store a user again who has left.
 */
const unlessRevoked = ({ userId, issuedAt }: User) => sql.fragment`
  not exists (
    select from token_revocations
    where user_id = ${userId} and issued_before > to_timestamp(${issuedAt})
  )`;

/**
 * The parts of a WITH that insert the caller as a user, with the email and name of the token. `stored_user` has one row, or none
 * if the caller's token is revoked. An existing user is locked, so that a concurrent deletion waits, but not changed.
 *
 * `createWithUser` in tasks/repository.ts decides when a user is stored: when the creation of a task finds none.
 */
// An existing user is not returned by the INSERT, hence the count.
export const storeUser = (user: User) => sql.fragment`
  inserted_user as (
    insert into users (id, email, name)
    select ${user.userId}, ${user.userEmail}, ${user.userName}
    where ${unlessRevoked(user)}
    on conflict (id) do update set name = users.name where false
    returning id
  ),
  stored_user as materialized (select count(*) from inserted_user having ${unlessRevoked(user)})`;
