import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import type { Revocations } from './revocations.ts';
import { revocationsSince } from './statements.ts';

const INTERVAL_MS = 2000;
/** A statement can commit after another one that started later, but not later than this. */
const OVERLAP_SECONDS = 60;
const EXPIRY_CHECK_MS = 60 * 60 * 1000;

/**
 * Reads all revocations, and then every two seconds those of other processes: polling also works through a pooler. While it
 * fails, the known revocations stay in effect.
 *
 * @param maxLifetime of a token, in seconds; after this time, a revocation is not needed
 * @returns a function that stops the timers
 * @throws when the first read fails
 */
export async function pollRevocations(
  database: Pick<Database, 'one'>,
  revocations: Revocations,
  maxLifetime: number,
  log: Pick<Logger, 'warn' | 'info'>,
): Promise<() => void> {
  let since = 0;
  let isReading = false;
  let hasFailed = false;

  const read = async () => {
    const found = await database.one(revocationsSince(since));
    for (const [userId, issuedBefore] of found.revocations) revocations.add(userId, issuedBefore);
    since = found.now - OVERLAP_SECONDS;
  };
  const readAgain = async () => {
    if (isReading) return;
    isReading = true;
    try {
      await read();
      if (hasFailed) log.info('read the token revocations again');
      hasFailed = false;
    } catch (err) {
      if (!hasFailed) log.warn({ err }, 'could not read the token revocations');
      hasFailed = true;
    } finally {
      isReading = false;
    }
  };

  await read();
  const timer = setInterval(() => void readAgain(), INTERVAL_MS).unref();
  const expiryTimer = setInterval(() => {
    revocations.removeBefore(Date.now() / 1000 - maxLifetime - OVERLAP_SECONDS);
  }, EXPIRY_CHECK_MS).unref();
  return () => {
    clearInterval(timer);
    clearInterval(expiryTimer);
  };
}
