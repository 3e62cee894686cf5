import { setTimeout as delay } from 'node:timers/promises';
import type { Caller, UserId } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import type { Revocations } from '../revocations/revocations.ts';
import { revokeTokens } from '../revocations/statements.ts';
import type { ExportPosition } from './export-cursor.ts';
import * as statements from './statements.ts';

export type UserRepository = ReturnType<typeof createUserRepository>;

/**
 * Creates the operations on all data of a user. Each runs a single statement that is scoped to the user. All throw a
 * `Problem` unavailable when the database is not reachable or overloaded.
 */
export function createUserRepository(database: Database, revocations: Pick<Revocations, 'add'>) {
  return {
    /** Returns the user, or null, and up to `limit` tasks and `limit` idempotency keys after a position. */
    export: (userId: UserId, after: ExportPosition, limit: number): Promise<statements.ExportRow> =>
      database.one(statements.exportUser(userId, after, limit)),

    /**
     * Revokes all tokens that were issued to the caller before now, also while the caller has no data. It takes effect at the
     * end of the current second, so that all tokens that are issued after that are valid; then the promise resolves.
     */
    async revokeTokens(caller: Caller): Promise<void> {
      const revoked = await database.one(revokeTokens(caller));
      await delay(revoked.seconds_left * 1000);
      revocations.add(caller.id, revoked.issued_before);
    },

    /** Deletes all data of the user, if there is any. */
    async delete(userId: UserId): Promise<void> {
      await database.maybeOne(statements.deleteUser(userId));
    },
  };
}
