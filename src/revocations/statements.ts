import { sql } from 'slonik';
import { z } from 'zod';
import type { Caller } from '../auth/caller.ts';
import { prunedRow } from '../db/pruning.ts';
import { statement } from '../db/statement.ts';

/** How far the clocks of the issuer and the database may differ, with a margin. */
const CLOCK_DIFFERENCE_SECONDS = 60;

/**
 * Revokes all tokens that were issued to the caller until now, including the caller's own. `iat` has whole seconds, so those of
 * the current second are included, and those that are issued after `seconds_left`, at most one, are not. The clock of the
 * issuer can be ahead, so the token of the request counts as issued now.
 */
export const revokeTokens = statement(
  'revoke_tokens',
  z.object({ issued_before: z.number(), seconds_left: z.number() }),
  ({ id, issuedAt }: Caller) => ({ userId: id, issuedAt: Math.floor(issuedAt) }),
  ({ userId, issuedAt }) => sql.fragment`
    insert into token_revocations (user_id, issued_before)
    values (
      ${userId},
      greatest(date_trunc('second', now()), to_timestamp(${issuedAt})) + interval '1 second'
    )
    on conflict (user_id) do update
    set issued_before = greatest(token_revocations.issued_before, excluded.issued_before),
        revoked_at = excluded.revoked_at
    returning
      extract(epoch from issued_before at time zone 'UTC')::double precision as issued_before,
      least(1, extract(epoch from issued_before - revoked_at))::double precision as seconds_left`,
);

/**
 * The revocations of all users after a time that are in effect, which is one second later, and the time of the database; in
 * seconds since 1970.
 */
export function revocationsSince(time: number) {
  return sql.prepared(
    'revocations_since',
    z.object({ now: z.number(), revocations: z.array(z.tuple([z.string(), z.number()])) }),
  )`
    select
      extract(epoch from now())::double precision as now,
      (
        select coalesce(json_agg(json_build_array(user_id, extract(epoch from issued_before))), '[]')
        from token_revocations
        where revoked_at > to_timestamp(${time}) and revoked_at <= now() - interval '1 second'
      ) as revocations`;
}

/**
 * Deletes up to `limit` revocations of tokens that have all expired. Spans users.
 *
 * @param maxLifetime of a token, in seconds
 */
export function pruneRevocations(maxLifetime: number, limit: number) {
  return sql.prepared('prune_revocations', prunedRow)`
    with expired as (
      select user_id
      from token_revocations
      where greatest(revoked_at, issued_before) < now() - make_interval(secs => ${maxLifetime + CLOCK_DIFFERENCE_SECONDS})
      limit ${limit}
    ),
    deleted as (
      delete from token_revocations
      where user_id in (select user_id from expired)
      returning 1
    )
    select count(*)::integer as count from deleted`;
}
