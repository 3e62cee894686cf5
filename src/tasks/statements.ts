import { type FragmentSqlToken, sql } from 'slonik';
import { z } from 'zod';
import type { Caller, UserId } from '../auth/caller.ts';
import { type Parameters, statement } from '../db/statement.ts';
import {
  claimKey,
  claimRow,
  claimValues,
  type IdempotencyKey,
  keyValues,
  selectClaim,
} from '../idempotency/claim.ts';
import type { Position } from './cursor.ts';
import type { List } from './list-query.ts';
import { storeUser, userValues } from '../users/store-user.ts';
import { changesOf, completionChanges, fieldChanges } from './changes.ts';
import { fieldColumns, fieldValues, taskColumns } from './columns.ts';
import { type TaskCompletion, type TaskFields, taskRow, type TaskUpdate } from './task.ts';

// The first argument of each statement is the user, and every condition on `tasks` contains the user id.

const columns = sql.fragment`${taskColumns}, version`;

const sortKeys = {
  created: { key: sql.fragment`created_at`, type: sql.fragment`timestamptz` },
  updated: { key: sql.fragment`updated_at`, type: sql.fragment`timestamptz` },
  title: { key: sql.fragment`title collate task_title_natural`, type: sql.fragment`text` },
};
const directions = {
  asc: { keyword: sql.fragment`asc`, follows: sql.fragment`>` },
  desc: { keyword: sql.fragment`desc`, follows: sql.fragment`<` },
};
const statusConditions = {
  all: sql.fragment``,
  pending: sql.fragment`and not completed`,
  completed: sql.fragment`and completed`,
};

/**
 * The statements for the first and for a later page of a list (keyset pagination). Each reads its rows from an index, in
 * order. All tasks by title or time of change are the pending and the completed ones, merged: indexes for them would cost more
 * with every write than the merge costs.
 */
function pagesOf({ status, sort, order }: List) {
  const { key, type } = sortKeys[sort];
  const { keyword, follows } = directions[order];
  const isMerged = status === 'all' && sort !== 'created';
  const page = (userId: string, start: FragmentSqlToken, limit: string) => {
    const firstOf = (condition: FragmentSqlToken, selected: FragmentSqlToken) => sql.fragment`
      select ${selected}
      from tasks
      where user_id = ${userId} ${condition} ${start}
      order by ${key} ${keyword}, id ${keyword}
      limit ${limit}`;
    if (!isMerged) return firstOf(statusConditions[status], columns);
    const { pending, completed } = statusConditions;
    return sql.fragment`
      select ${columns}
      from (
        (${firstOf(pending, sql.fragment`*`)})
        union all
        (${firstOf(completed, sql.fragment`*`)})
      ) as tasks
      order by ${key} ${keyword}, id ${keyword}
      limit ${limit}`;
  };
  return {
    first: statement(
      `list_${status}_${sort}_${order}_first`,
      taskRow,
      (userId: UserId, limit: number) => ({ userId, limit }),
      ({ userId, limit }) => page(userId, sql.fragment``, limit),
    ),
    after: statement(
      `list_${status}_${sort}_${order}_after`,
      taskRow,
      (userId: UserId, { value, id }: Position, limit: number) => ({ userId, value, id, limit }),
      ({ userId, value, id, limit }) =>
        page(
          userId,
          sql.fragment`and (${key}, id) ${follows} (${value}::${type}, ${id}::uuid)`,
          limit,
        ),
    ),
  };
}

/** An object with a value for each name of another one. */
const forEach = <Name extends string, Value>(
  names: Record<Name, unknown>,
  valueOf: (name: Name) => Value,
) =>
  Object.fromEntries((Object.keys(names) as Name[]).map((name) => [name, valueOf(name)])) as Record<
    Name,
    Value
  >;

const pages = forEach(statusConditions, (status) =>
  forEach(sortKeys, (sort) => forEach(directions, (order) => pagesOf({ status, sort, order }))),
);

/** Returns up to `limit` tasks of a list, after a position or from the start. */
export function listTasks(
  userId: UserId,
  { status, sort, order }: List,
  position: Position | null,
  limit: number,
) {
  const { first, after } = pages[status][sort][order];
  return position ? after(userId, position, limit) : first(userId, limit);
}

/** Counts the tasks of a user by status. */
export const countTasks = statement(
  'count_tasks',
  z.object({ pending: z.int32(), completed: z.int32() }),
  (userId: UserId) => ({ userId }),
  ({ userId }) => sql.fragment`
  select
    (count(*) filter (where not completed))::integer as pending,
    (count(*) filter (where completed))::integer as completed
  from tasks
  where user_id = ${userId}`,
  { isLong: true },
);

export const findTask = statement(
  'find_task',
  taskRow,
  (userId: UserId, id: string) => ({ userId, id }),
  ({ userId, id }) => sql.fragment`
    select ${columns}
    from tasks
    where user_id = ${userId} and id = ${id}::uuid`,
);

// The foreign keys lock the user when a task is created. A concurrent deletion of the user waits for the creation and then deletes
// its rows as well; or the creation waits for the deletion, and fails. The statements themselves lock only users whom they store:
// on Citus, concurrent creations that lock users deadlock.

/** Creates a task. Violates a foreign key if the user is not stored yet. */
export const createTask = statement(
  'create_task',
  taskRow,
  (userId: UserId, id: string, fields: TaskFields) => ({ userId, taskId: id, ...fields }),
  (task) => sql.fragment`
    insert into tasks (user_id, id, ${fieldColumns})
    values (${task.userId}, ${task.taskId}::uuid, ${fieldValues(task)})
    returning ${columns}`,
);

/** Creates a task, and the user if necessary. Returns no row if the caller's token is revoked. */
// Citus refuses an INSERT with RETURNING whose own SELECT reads a table that every node stores.
export const createUserAndTask = statement(
  'create_user_and_task',
  taskRow,
  (caller: Caller, id: string, fields: TaskFields) => ({
    ...userValues(caller),
    taskId: id,
    ...fields,
  }),
  (task) => sql.fragment`
    with ${storeUser(task)},
    created as (
      insert into tasks (user_id, id, ${fieldColumns})
      select ${task.userId}, ${task.taskId}::uuid, ${fieldValues(task)}
      from stored_user
      returning *
    )
    select ${columns}
    from created`,
);

const onceValues = (id: string, fields: TaskFields, key: IdempotencyKey) => ({
  ...claimValues(id, key),
  ...fields,
});
type TaskOnce = Parameters<ReturnType<typeof onceValues> & { userId: UserId }>;

/** Claims the key, and creates the task unless the key was used before. See `claimKey`. */
const claimAndCreate = (task: TaskOnce, rows: FragmentSqlToken) => sql.fragment`
  ${claimKey(rows)},
  created as (
    insert into tasks (user_id, id, ${fieldColumns}, created_at, updated_at)
    select ${task.userId}, task_id, ${fieldValues(task)}, created_at, created_at
    from claim
    where task_id = ${task.taskId}::uuid
  )
  ${selectClaim(task)}`;

/**
 * Creates a task under an idempotency key, or finds the earlier use of the key. `same` is whether that use had the same
 * fingerprint. Violates a foreign key if the user is not stored yet.
 */
export const createTaskOnce = statement(
  'create_task_once',
  claimRow,
  (userId: UserId, id: string, fields: TaskFields, key: IdempotencyKey) => ({
    userId,
    ...onceValues(id, fields, key),
  }),
  (task) => sql.fragment`with ${claimAndCreate(task, sql.fragment`values (${keyValues(task)})`)}`,
);

/** As `createTaskOnce`, and creates the user if necessary. Returns no row if the caller's token is revoked. */
export const createUserAndTaskOnce = statement(
  'create_user_and_task_once',
  claimRow,
  (caller: Caller, id: string, fields: TaskFields, key: IdempotencyKey) => ({
    ...userValues(caller),
    ...onceValues(id, fields, key),
  }),
  (task) => sql.fragment`
    with ${storeUser(task)},
    ${claimAndCreate(task, sql.fragment`select ${keyValues(task)} from stored_user`)}`,
);

// Without versions, every version is accepted.
const isAccepted = (versions: string) =>
  sql.fragment`(${versions}::int4[] is null or version = any(${versions}::int4[]))`;

/** Changes the given fields, if the task has one of the versions. */
export const updateTask = statement(
  'update_task',
  taskRow,
  (userId: UserId, id: string, changes: TaskUpdate, versions: readonly number[] | null) => ({
    userId,
    id,
    versions,
    ...changesOf(changes),
  }),
  (task) => sql.fragment`
    update tasks
    set ${fieldChanges(task)}
    where user_id = ${task.userId} and id = ${task.id}::uuid and ${isAccepted(task.versions)}
    returning ${columns}`,
);

/** Sets `completed`, or toggles it if it is not given, if the task has one of the versions. */
export const completeTask = statement(
  'complete_task',
  taskRow,
  (
    userId: UserId,
    id: string,
    { completed }: Partial<TaskCompletion>,
    versions: readonly number[] | null,
  ) => ({ userId, id, completed: completed ?? null, versions }),
  (task) => sql.fragment`
    update tasks
    set ${completionChanges(task)}
    where user_id = ${task.userId} and id = ${task.id}::uuid and ${isAccepted(task.versions)}
    returning ${columns}`,
);

/** Deletes a task, if it has one of the versions. */
export const deleteTask = statement(
  'delete_task',
  z.object({ id: z.uuid() }),
  (userId: UserId, id: string, versions: readonly number[] | null) => ({ userId, id, versions }),
  ({ userId, id, versions }) => sql.fragment`
    delete from tasks
    where user_id = ${userId} and id = ${id}::uuid and ${isAccepted(versions)}
    returning id`,
);
