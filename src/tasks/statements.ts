import { sql } from 'slonik';
import { z } from 'zod';
import type { Caller, UserId } from '../auth/caller.ts';
import type { Position } from './cursor.ts';
import type { List } from './list.ts';
import { insertUser } from '../users/insert-user.ts';
import {
  completionChanges,
  fieldChanges,
  fieldColumns,
  fieldValues,
  taskColumns,
} from './columns.ts';
import { type TaskCompletion, type TaskFields, taskRow, type TaskUpdate } from './task.ts';

// Each function returns a named prepared statement, which PostgreSQL plans once per connection. Its first argument is the
// user, and every condition on `tasks` contains the user id.

const columns = sql.fragment`${taskColumns}, version`;

/** The sort expressions. Unqualified, `created_at` would mean the column of the result, which no index covers. */
const sortKeys = {
  created: sql.fragment`tasks.created_at`,
  updated: sql.fragment`tasks.updated_at`,
  title: sql.fragment`title collate task_title`,
};
const sortTypes = {
  created: sql.fragment`timestamptz`,
  updated: sql.fragment`timestamptz`,
  title: sql.fragment`text`,
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

/** Returns up to `limit` tasks of a list, after a position or from the start (keyset pagination). */
export function listTasks(userId: UserId, list: List, after: Position | null, limit: number) {
  const key = sortKeys[list.sort];
  const { keyword, follows } = directions[list.order];
  const start = after
    ? sql.fragment`and (${key}, id) ${follows} (${after.value}::${sortTypes[list.sort]}, ${after.id}::uuid)`
    : sql.fragment``;
  const name = `list_${list.status}_${list.sort}_${list.order}_${after ? 'after' : 'first'}`;
  return sql.prepared(name, taskRow)`
    select ${columns}
    from tasks
    where user_id = ${userId} ${statusConditions[list.status]} ${start}
    order by ${key} ${keyword}, id ${keyword}
    limit ${limit}`;
}

const countRow = z.object({ pending: z.int32(), completed: z.int32() });

/** Counts the tasks of a user by status. */
export function countTasks(userId: UserId) {
  return sql.prepared('count_tasks', countRow)`
    select
      (count(*) filter (where not completed))::integer as pending,
      (count(*) filter (where completed))::integer as completed
    from tasks
    where user_id = ${userId}`;
}

export function findTask(userId: UserId, id: string) {
  return sql.prepared('find_task', taskRow)`
    select ${columns}
    from tasks
    where user_id = ${userId} and id = ${id}::uuid`;
}

export function createTask(caller: Caller, id: string, fields: TaskFields) {
  return sql.prepared('create_task', taskRow)`
    with known_user as (${insertUser(caller)})
    insert into tasks (user_id, id, ${fieldColumns})
    values (${caller.id}, ${id}::uuid, ${fieldValues(fields)})
    returning ${columns}`;
}

export interface IdempotencyKey {
  readonly key: string;
  /** See `fingerprintOf`. */
  readonly fingerprint: Buffer;
}

const claimRow = z.object({ task_id: z.uuid(), created_at: z.string(), same: z.boolean() });

/**
 * Creates a task under an idempotency key, or finds the earlier use of the key. `same` is whether that use had the same
 * fingerprint.
 */
export function createTaskOnce(
  caller: Caller,
  id: string,
  fields: TaskFields,
  { key, fingerprint }: IdempotencyKey,
) {
  // The update changes nothing; it makes the statement wait for a concurrent claim of the key and return it.
  // The count makes PostgreSQL lock the user before the key. A deletion locks in the same order, so there is no deadlock.
  return sql.prepared('create_task_once', claimRow)`
    with known_user as (${insertUser(caller)}),
    claim as (
      insert into idempotency_keys (user_id, key, fingerprint, task_id)
      select ${caller.id}, ${key}, ${sql.binary(fingerprint)}, ${id}::uuid
      from (select count(*) from known_user) as locked
      on conflict (user_id, key) do update set key = excluded.key
      returning task_id, fingerprint, created_at
    ),
    created as (
      insert into tasks (user_id, id, ${fieldColumns}, created_at, updated_at)
      select ${caller.id}, task_id, ${fieldValues(fields)}, created_at, created_at
      from claim
      where task_id = ${id}::uuid
    )
    select task_id, created_at at time zone 'UTC' as created_at, fingerprint = ${sql.binary(fingerprint)} as same
    from claim`;
}

const onlyVersions = (versions: readonly number[] | null) =>
  versions ? sql.fragment`and version = any(${sql.array(versions, 'int4')})` : sql.fragment``;
const withVersions = (name: string, versions: readonly number[] | null) =>
  versions ? `${name}_if_match` : name;

// Not now(): an update that waited for a concurrent one must get the later time.
const changed = sql.fragment`version = version + 1, updated_at = clock_timestamp()`;

/** Changes the given fields, if the task has one of the versions. */
export function updateTask(
  userId: UserId,
  id: string,
  changes: TaskUpdate,
  versions: readonly number[] | null,
) {
  return sql.prepared(withVersions('update_task', versions), taskRow)`
    update tasks
    set ${fieldChanges(changes)},
        ${changed}
    where user_id = ${userId} and id = ${id}::uuid ${onlyVersions(versions)}
    returning ${columns}`;
}

/** Sets `completed`, or toggles it if it is not given, if the task has one of the versions. */
export function completeTask(
  userId: UserId,
  id: string,
  completion: Partial<TaskCompletion>,
  versions: readonly number[] | null,
) {
  return sql.prepared(withVersions('complete_task', versions), taskRow)`
    update tasks
    set ${completionChanges(completion)},
        ${changed}
    where user_id = ${userId} and id = ${id}::uuid ${onlyVersions(versions)}
    returning ${columns}`;
}

/** Deletes a task, if it has one of the versions. */
export function deleteTask(userId: UserId, id: string, versions: readonly number[] | null) {
  return sql.prepared(withVersions('delete_task', versions), z.object({ id: z.uuid() }))`
    delete from tasks
    where user_id = ${userId} and id = ${id}::uuid ${onlyVersions(versions)}
    returning id`;
}
