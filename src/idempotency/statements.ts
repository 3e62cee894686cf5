import { sql } from 'slonik';
import { prunedRow } from '../db/pruning.ts';
import { KEY_LIFETIME_HOURS } from './key-lifetime.ts';

/** Deletes up to `limit` expired idempotency keys. Spans users. */
export function pruneIdempotencyKeys(limit: number) {
  return sql.prepared('prune_idempotency_keys', prunedRow)`
    with expired as (
      select user_id, key
      from idempotency_keys
      where created_at < now() - make_interval(hours => ${KEY_LIFETIME_HOURS})
      limit ${limit}
    ),
    deleted as (
      delete from idempotency_keys
      where (user_id, key) in (select user_id, key from expired)
      returning 1
    )
    select count(*)::integer as count from deleted`;
}
