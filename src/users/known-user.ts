import type { Caller } from '../auth/caller.ts';
import type { Database } from '../db/database.ts';
import { violates } from '../db/errors.ts';
import { releaseEmail } from './statements.ts';

/** How often an email address is claimed when several new users claim it concurrently. */
const MAX_EMAIL_CLAIMS = 5;

/**
 * Runs a statement that stores its caller as a user. An email address belongs to the newest user who has it: older
 * users lose it.
 */
export async function asKnownUser<T>(
  database: Database,
  caller: Caller,
  run: (user: Caller) => Promise<T>,
): Promise<T> {
  for (let claim = 1; ; claim++) {
    try {
      return await run(caller);
    } catch (error) {
      if (!violates(error, 'users_email_key')) throw error;
      // Other users are newer still. Storing the task matters more than the email address.
      if (claim === MAX_EMAIL_CLAIMS) return run({ ...caller, email: null });
      await database.any(releaseEmail(caller));
    }
  }
}
