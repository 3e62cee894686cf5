import type { UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import type { ExportPosition } from './export-cursor.ts';
import * as statements from './statements.ts';

export type UserRepository = ReturnType<typeof createUserRepository>;

/**
 * Creates the operations on all data of a user. Each runs a single statement that is scoped to the user. All throw a
 * `Problem` unavailable when the database is not reachable or overloaded.
 */
export function createUserRepository(database: Database) {
  return {
    /** Returns the user, or null, and up to `limit` tasks and `limit` idempotency keys after a position. */
    export: (userId: UserId, after: ExportPosition, limit: number): Promise<statements.ExportRow> =>
      database.one(statements.exportUser(userId, after, limit)),

    /** Deletes all data of the user, if there is any. */
    async delete(userId: UserId): Promise<void> {
      await database.maybeOne(statements.deleteUser(userId));
    },
  };
}
