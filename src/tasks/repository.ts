import { randomUUIDv7 } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Caller, UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import { violates } from '../db/errors.ts';
import { untilGivenUp } from '../deadlines/request-deadline.ts';
import { Problem } from '../errors/problem.ts';
import { fingerprintOf } from '../idempotency/fingerprint.ts';
import { revokedToken } from '../revocations/revocations.ts';
import { retryEmailConflict } from '../users/email-conflict.ts';
import type { Position } from './cursor.ts';
import type { List } from './list-query.ts';
import * as statements from './statements.ts';
import {
  fieldsOf,
  type TaskCompletion,
  type TaskCounts,
  type TaskCreate,
  type TaskRow,
  type TaskUpdate,
} from './task.ts';

const MAX_KNOWN_USERS = 10_000;
/** The foreign keys to the user. */
const USER_KEYS = ['tasks_user_id_fkey', 'idempotency_keys_user_id_fkey'];

export type TaskRepository = ReturnType<typeof createTaskRepository>;

/**
 * Creates the operations on a user's tasks. Each change is a single statement that is scoped to the user; another one only
 * stores a missing user, or finds the reason of a failure. All throw a `Problem` unavailable when the database is not reachable or overloaded.
 */
export function createTaskRepository(database: Database) {
  /** Finds out why a write affected no row: the task does not exist, or its version was not accepted. */
  async function writeError(
    userId: UserId,
    id: string,
    versions: readonly number[] | null,
  ): Promise<Problem> {
    const exists = versions && (await database.maybeOne(statements.findTask(userId, id)));
    return new Problem(exists ? 'precondition-failed' : 'not-found');
  }

  /** Returns null if a row cannot be stored because its user is not stored. */
  async function unlessUserIsMissing<T>(result: Promise<T>): Promise<T | null> {
    try {
      return await result;
    } catch (error) {
      const isMissing = USER_KEYS.some((key) => violates(error, key));
      if (isMissing) return null;
      throw error;
    }
  }

  /** The users for whom this process has created a task. They are probably still stored. */
  const known = new LRUCache<UserId, true>({ max: MAX_KNOWN_USERS });
  /** The first creations of other users. */
  const firsts = new Map<UserId, Promise<unknown>>();

  /**
   * Creates a task. If its user is not stored yet, creates both. Concurrent first creations of a user wait for each other here, because in
   * the database they would all fail and then wait for the same locks.
   *
   * @returns null if the user is not stored and the token is revoked
   */
  async function createWithUser<T>(
    caller: Caller,
    create: () => Promise<T>,
    createBoth: (user: Caller) => Promise<T | null>,
  ): Promise<T | null> {
    for (let first; (first = firsts.get(caller.id));) await untilGivenUp(first);
    const created = unlessUserIsMissing(create()).then(
      (result) => result ?? retryEmailConflict(database, caller, createBoth),
    );
    if (known.has(caller.id)) return created;
    const first = Promise.allSettled([created]).finally(() => firsts.delete(caller.id));
    firsts.set(caller.id, first);
    const result = await created;
    if (result !== null) known.set(caller.id, true);
    return result;
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
     * Creates a task. If the idempotency key was used before, returns the task as it was created then.
     *
     * @throws {Problem} idempotency-key-reused, if the key was used with a different body; invalid-token, if the user is not
     *   stored and the token is revoked
     */
    async create(caller: Caller, body: TaskCreate, idempotencyKey?: string): Promise<TaskRow> {
      const id = randomUUIDv7();
      const fields = fieldsOf(body);
      if (idempotencyKey === undefined) {
        const row = await createWithUser(
          caller,
          () => database.one(statements.createTask(caller.id, id, fields)),
          (user) => database.maybeOne(statements.createUserAndTask(user, id, fields)),
        );
        if (!row) throw revokedToken();
        return row;
      }
      const key = { key: idempotencyKey, fingerprint: fingerprintOf(fields) };
      const claim = await createWithUser(
        caller,
        () => database.one(statements.createTaskOnce(caller.id, id, fields, key)),
        (user) => database.maybeOne(statements.createUserAndTaskOnce(user, id, fields, key)),
      );
      if (!claim) throw revokedToken();
      if (!claim.same) throw new Problem('idempotency-key-reused');
      return {
        id: claim.task_id,
        user_id: caller.id,
        ...fields,
        created: claim.created,
        updated: claim.created,
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
      return row ?? Promise.reject(await writeError(userId, id, versions));
    },

    /**
     * Sets `completed`, or toggles it if it is not given.
     *
     * @throws {Problem} not-found, precondition-failed
     */
    async complete(
      userId: UserId,
      id: string,
      completion: Partial<TaskCompletion>,
      versions: readonly number[] | null,
    ): Promise<TaskRow> {
      const row = await database.maybeOne(
        statements.completeTask(userId, id, completion, versions),
      );
      return row ?? Promise.reject(await writeError(userId, id, versions));
    },

    /** @throws {Problem} not-found, precondition-failed */
    async delete(userId: UserId, id: string, versions: readonly number[] | null): Promise<void> {
      const row = await database.maybeOne(statements.deleteTask(userId, id, versions));
      if (!row) throw await writeError(userId, id, versions);
    },
  };
}
