import { sql } from 'slonik';
import { z } from 'zod';
import { Problem } from '../errors/problem.ts';

const writable = z.object({ read_only: z.boolean(), unwritable: z.string().nullable() });

/** What `/readyz` reads: whether the database is read-only, such as a standby, and which tables are missing or not writable. */
export const writableTables = sql.prepared('writable_tables', writable)`
  select current_setting('transaction_read_only')::boolean as read_only,
    (
      select string_agg(name, ', ')
      from unnest(array['users', 'tasks', 'idempotency_keys', 'token_revocations']) as tables (name)
      where not coalesce(
        has_table_privilege(to_regclass(name), 'select')
          and has_table_privilege(to_regclass(name), 'insert')
          and has_table_privilege(to_regclass(name), 'update')
          and has_table_privilege(to_regclass(name), 'delete'),
        false
      )
    ) as unwritable`;

/** @throws {Problem} unavailable, with the reason as its cause */
export function throwUnlessWritable({ read_only, unwritable }: z.infer<typeof writable>): void {
  const cause = read_only
    ? new Error('the database is read-only')
    : unwritable !== null && new Error(`tables are missing or not writable: ${unwritable}`);
  if (cause) throw new Problem('unavailable', { cause });
}
