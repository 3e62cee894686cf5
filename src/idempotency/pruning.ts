import type { Logger } from 'pino';
import type { Database } from '../db/database.ts';
import { pruneIdempotencyKeys } from './statements.ts';

const INTERVAL_MS = 60 * 60 * 1000;

/**
 * Deletes expired idempotency keys now and every hour. An error is logged; the next run retries.
 *
 * @returns a function that stops the timer
 */
export function startPruning(database: Database, log: Logger): () => void {
  const prune = async () => {
    try {
      const keys = await database.any(pruneIdempotencyKeys());
      log.debug({ count: keys.length }, 'pruned idempotency keys');
    } catch (err) {
      log.warn({ err }, 'could not prune idempotency keys');
    }
  };
  void prune();
  const timer = setInterval(() => void prune(), INTERVAL_MS).unref();
  return () => {
    clearInterval(timer);
  };
}
