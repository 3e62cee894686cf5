import type { Caller } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import { violates } from '../db/errors.ts';
import { releaseEmail } from './statements.ts';

/** Retry limit, for several new users with the same email address at the same time. */
const MAX_ATTEMPTS = 5;

/**
 * Runs a statement that inserts the caller as a user, and retries it if another user has the same email address. The email
 * address moves to the newest user: it is removed from the older ones.
 */
export async function retryEmailConflict<T>(
  database: Database,
  caller: Caller,
  run: (user: Caller) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run(caller);
    } catch (error) {
      if (!violates(error, 'users_email_key')) throw error;
      // Even newer users claim the email address. Storing the task is more important.
      if (attempt === MAX_ATTEMPTS) return run({ ...caller, email: null });
      await database.any(releaseEmail(caller));
    }
  }
}
