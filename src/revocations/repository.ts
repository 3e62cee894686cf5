import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import type { Revocations } from './revocations.ts';
import * as statements from './statements.ts';

/** A timer can end that much too early: it counts whole milliseconds, from a time that is rounded down. */
const TIMER_ERROR_MS = 2;

export type RevocationRepository = ReturnType<typeof createRevocationRepository>;

export function createRevocationRepository(
  database: Pick<Database, 'one'>,
  revocations: Pick<Revocations, 'add'>,
) {
  return {
    /**
     * Revokes all tokens that were issued to the caller before now, also while the caller has no data. It takes effect at the
     * end of the current second, so that all tokens that are issued after that are valid; then the promise resolves.
     *
     * @throws {Problem} unavailable, when the database is not reachable or overloaded
     */
    async revokeTokens(caller: Caller): Promise<void> {
      const revoked = await database.one(statements.revokeTokens(caller));
      await delay(revoked.seconds_left * 1000 + TIMER_ERROR_MS);
      revocations.add(caller.id, revoked.issued_before);
    },
  };
}
