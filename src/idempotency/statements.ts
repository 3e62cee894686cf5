import { sql } from 'slonik';
import { prunedRow } from '../db/pruning.ts';

/** Deletes up to `limit` idempotency keys that are older than 24 hours. Spans users. */
export function pruneIdempotencyKeys(limit: number) {
  return sql.prepared('prune_idempotency_keys', prunedRow)`
    with expired as (
      select user_id, key
      from idempotency_keys
      where created_at < now() - interval '24 hours'
      limit ${limit}
    ),
    deleted as (
      delete from idempotency_keys
      where (user_id, key) in (select user_id, key from expired)
      returning 1
    )
    select count(*)::integer as count from deleted`;
}
