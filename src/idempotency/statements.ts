import { sql } from 'slonik';
import { z } from 'zod';

/** Deletes expired idempotency keys, those older than 24 hours, of all users. */
export function pruneIdempotencyKeys() {
  const query = sql.prepared('prune_idempotency_keys', z.object({ key: z.string() }))`
    delete from idempotency_keys
    where created_at < now() - interval '24 hours'
    returning key`;
  return { ...query, isBulk: true };
}
