import { type FragmentSqlToken, sql } from 'slonik';
import { z } from 'zod';
import type { UserId } from '../auth/caller.ts';
import type { Parameters } from '../db/statement.ts';

export interface IdempotencyKey {
  readonly key: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: Buffer;
}

/** The values for `claimKey` and `selectClaim`. */
export const claimValues = (taskId: string, { key, fingerprint }: IdempotencyKey) => ({
  taskId,
  idempotencyKey: key,
  fingerprint,
});

type Claim = Parameters<ReturnType<typeof claimValues> & { userId: UserId }>;

/** The values of a row of `idempotency_keys`. */
export const keyValues = ({ userId, idempotencyKey, fingerprint, taskId }: Claim) =>
  sql.fragment`${userId}, ${idempotencyKey}, ${fingerprint}, ${taskId}::uuid`;

/**
 * The part of a WITH that claims an idempotency key for a task, or finds the earlier use of the key. `claim` has its row, with
 * another `task_id` if the key was used before.
 *
 * @param rows one row of `keyValues`: `values (…)`, or `select … from stored_user`
 */
// The update changes nothing; it makes the statement wait for a concurrent claim of the key and return it.
export const claimKey = (rows: FragmentSqlToken) => sql.fragment`
  claim as (
    insert into idempotency_keys (user_id, key, fingerprint, task_id)
    ${rows}
    on conflict (user_id, key) do update set key = excluded.key
    returning task_id, fingerprint, created_at
  )`;

/** A row of `selectClaim`. `same` is whether the key was claimed with the same fingerprint. */
export const claimRow = z.object({ task_id: z.uuid(), created: z.string(), same: z.boolean() });

/** Returns the claim. */
export const selectClaim = ({ fingerprint }: Claim) => sql.fragment`
  select task_id, created_at at time zone 'UTC' as created, fingerprint = ${fingerprint} as same
  from claim`;
