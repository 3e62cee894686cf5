import { sql } from 'slonik';
import { z } from 'zod';
import type { Caller, UserId } from '../auth/caller.ts';
import { statement } from '../db/statement.ts';
import { toRfc3339 } from '../db/timestamp.ts';
import { taskColumns } from '../tasks/columns.ts';
import { taskRow } from '../tasks/task.ts';
import type { ExportPosition } from './export-cursor.ts';

// As in tasks/statements.ts, the first argument of each statement is the user.

/** A time inside JSON, which the driver does not convert. */
const time = z.string().transform(toRfc3339);

const exportRow = z.object({
  user: z
    .object({
      id: z.string(),
      email: z.string().nullable(),
      name: z.string().nullable(),
      created_at: time,
      updated_at: time,
    })
    .nullable(),
  tasks: z.array(taskRow.omit({ version: true }).extend({ created: time, updated: time })),
  idempotency_keys: z.array(z.object({ key: z.string(), task_id: z.uuid(), created_at: time })),
});
export type ExportRow = z.infer<typeof exportRow>;

/** Returns the user and up to `limit` tasks and `limit` idempotency keys after a position, from one snapshot. */
export const exportUser = statement(
  'export_user',
  exportRow,
  (userId: UserId, { taskId, key }: ExportPosition, limit: number) => ({
    userId,
    taskId,
    key,
    limit,
  }),
  ({ userId, taskId, key, limit }) => sql.fragment`
  select
    (
      select row_to_json(stored)
      from (
        select id, email, name,
          created_at at time zone 'UTC' as created_at,
          updated_at at time zone 'UTC' as updated_at
        from users
        where id = ${userId}
      ) stored
    ) as "user",
    (
      select coalesce(json_agg(page order by id), '[]')
      from (
        select ${taskColumns}
        from tasks
        where user_id = ${userId} and id > ${taskId}::uuid
        order by id
        limit ${limit}
      ) page
    ) as tasks,
    (
      select coalesce(json_agg(page order by key), '[]')
      from (
        select key, task_id, created_at at time zone 'UTC' as created_at
        from idempotency_keys
        where user_id = ${userId} and key > ${key}
        order by key
        limit ${limit}
      ) page
    ) as idempotency_keys`,
  { isLong: true },
);

/** Deletes a user. The foreign keys cascade to the tasks and idempotency keys. */
export const deleteUser = statement(
  'delete_user',
  z.object({ id: z.string() }),
  (userId: UserId) => ({ userId }),
  ({ userId }) => sql.fragment`
  delete from users
  where id = ${userId}
  returning id`,
  { isLong: true },
);

/** Removes the caller's email address from the other users. */
export const releaseEmail = statement(
  'release_email',
  z.object({ id: z.string() }),
  ({ id, email }: Caller) => ({ userId: id, email }),
  ({ userId, email }) => sql.fragment`
    update users
    set email = null, updated_at = greatest(updated_at, statement_timestamp())
    where lower(email) = lower(${email}) and id <> ${userId}
    returning id`,
);
