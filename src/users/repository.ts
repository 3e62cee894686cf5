import type { UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import type { ExportPosition } from './export-cursor.ts';
import * as statements from './statements.ts';

export type UserRepository = ReturnType<typeof createUserRepository>;

/**
 * What a user can do with all that is stored about them: each a single statement, scoped by the user.
 * All throw a `Problem` of the code unavailable when the database cannot be reached.
 */
export function createUserRepository(database: Database) {
  return {
    /** What is stored after a place: the user, or null, and as many as `limit` of tasks and of idempotency keys each. */
    export: (userId: UserId, after: ExportPosition, limit: number): Promise<statements.ExportRow> =>
      database.one(statements.exportUser(userId, after, limit)),

    /** Deletes everything; nothing happens where nothing is stored. */
    async delete(userId: UserId): Promise<void> {
      await database.maybeOne(statements.deleteUser(userId));
    },
  };
}
