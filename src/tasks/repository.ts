import { v7 as uuid } from 'uuid';
import type { Caller, UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../errors/problem.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { asKnownUser } from '../users/known-user.ts';
import type { Position } from './cursor.ts';
import type { List } from './list.ts';
import * as statements from './statements.ts';
import {
  fieldsOf,
  type TaskCounts,
  type TaskCreate,
  type TaskRow,
  type TaskUpdate,
} from './task.ts';

export type TaskRepository = ReturnType<typeof createTaskRepository>;

/**
 * What a user can do with their tasks: each a single statement, scoped by the user.
 * All throw a `Problem` of the code unavailable when the database cannot be reached.
 */
export function createTaskRepository(database: Database) {
  /** Tells a task that is not there from one whose version was not accepted. */
  async function refusal(
    userId: UserId,
    id: string,
    versions: readonly number[] | null,
  ): Promise<Problem> {
    const exists = versions && (await database.maybeOne(statements.findTask(userId, id)));
    return new Problem(exists ? 'precondition-failed' : 'not-found');
  }

  return {
    list: (
      userId: UserId,
      list: List,
      after: Position | null,
      limit: number,
    ): Promise<readonly TaskRow[]> =>
      database.any(statements.listTasks(userId, list, after, limit)),

    count: (userId: UserId): Promise<TaskCounts> => database.one(statements.countTasks(userId)),

    /** @throws {Problem} not-found */
    async get(userId: UserId, id: string): Promise<TaskRow> {
      const row = await database.maybeOne(statements.findTask(userId, id));
      if (!row) throw new Problem('not-found');
      return row;
    },

    /**
     * Creates a task, or gives back the one that was created with the same idempotency key, as it was then.
     *
     * @throws {Problem} idempotency-key-reused, when the key was used for another task
     */
    async create(caller: Caller, body: TaskCreate, idempotencyKey?: string): Promise<TaskRow> {
      const id = uuid();
      const fields = fieldsOf(body);
      if (idempotencyKey === undefined) {
        return asKnownUser(database, caller, (user) =>
          database.one(statements.createTask(user, id, fields)),
        );
      }
      const key = { key: idempotencyKey, fingerprint: fingerprintOf(fields) };
      const claim = await asKnownUser(database, caller, (user) =>
        database.one(statements.createTaskOnce(user, id, fields, key)),
      );
      if (!claim.same) throw new Problem('idempotency-key-reused');
      return {
        id: claim.task_id,
        user_id: caller.id,
        ...fields,
        created_at: claim.created_at,
        updated_at: claim.created_at,
        version: 1,
      };
    },

    /** @throws {Problem} not-found, precondition-failed */
    async update(
      userId: UserId,
      id: string,
      changes: TaskUpdate,
      versions: readonly number[] | null,
    ): Promise<TaskRow> {
      const row = await database.maybeOne(statements.updateTask(userId, id, changes, versions));
      return row ?? Promise.reject(await refusal(userId, id, versions));
    },

    /**
     * Sets `completed`, or toggles it when it is null.
     *
     * @throws {Problem} not-found, precondition-failed
     */
    async complete(
      userId: UserId,
      id: string,
      completed: boolean | null,
      versions: readonly number[] | null,
    ): Promise<TaskRow> {
      const row = await database.maybeOne(statements.completeTask(userId, id, completed, versions));
      return row ?? Promise.reject(await refusal(userId, id, versions));
    },

    /** @throws {Problem} not-found, precondition-failed */
    async delete(userId: UserId, id: string, versions: readonly number[] | null): Promise<void> {
      const row = await database.maybeOne(statements.deleteTask(userId, id, versions));
      if (!row) throw await refusal(userId, id, versions);
    },
  };
}
