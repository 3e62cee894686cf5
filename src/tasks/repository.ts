import { createHash } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { Caller, UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import { violates } from '../db/errors.ts';
import { Problem } from '../http/problem.ts';
import type { Position } from './cursor.ts';
import type { List } from './list.ts';
import * as statements from './statements.ts';
import type { TaskCounts, TaskCreate, TaskRow, TaskUpdate } from './task.ts';

export type TaskRepository = ReturnType<typeof createTaskRepository>;

/** How often an email address is taken over, at most, when several new users have the same at once. */
const EMAIL_ATTEMPTS = 5;

/**
 * What a user can do with their tasks: each a single statement, scoped by the user.
 * All throw a `Problem` of the code unavailable when the database cannot be reached.
 */
export function createTaskRepository(database: Database) {
  /** Runs a statement that makes the user known; an email address belongs to the newest user who has it. */
  async function asKnownUser<T>(caller: Caller, run: (user: Caller) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await run(caller);
      } catch (error) {
        if (!violates(error, 'users_email_key')) throw error;
        // Others are newer still. A user can do without the address, but not without the task.
        if (attempt === EMAIL_ATTEMPTS) return run({ ...caller, email: null });
        await database.any(statements.releaseEmail(caller));
      }
    }
  }

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
      const { title, description = null, completed = false } = body;
      const task = { id: uuid(), title, description, completed };
      if (idempotencyKey === undefined) {
        return asKnownUser(caller, (user) => database.one(statements.createTask(user, task)));
      }
      const fingerprint = createHash('sha256')
        .update(JSON.stringify([title, description, completed]))
        .digest();
      const claim = await asKnownUser(caller, (user) =>
        database.one(statements.createTaskOnce(user, task, idempotencyKey, fingerprint)),
      );
      if (!claim.same) throw new Problem('idempotency-key-reused');
      return {
        id: claim.task_id,
        user_id: caller.id,
        title,
        description,
        completed,
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

    /** Forgets idempotency keys older than a day. Returns how many. */
    async pruneIdempotencyKeys(): Promise<number> {
      return (await database.any(statements.pruneIdempotencyKeys())).length;
    },
  };
}
