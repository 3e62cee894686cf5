import type { Logger } from 'pino';
import type { QuerySqlToken } from 'slonik';
import { z, type ZodType } from 'zod';
import type { Database } from './database.ts';

const INTERVAL_MS = 60 * 60 * 1000;
/** Few enough for the timeout of a statement. */
const BATCH = 10_000;

export const prunedRow = z.object({ count: z.int32() });

/** Returns the statement that deletes up to `limit` expired rows of a table, and returns their number. */
type Prune = (limit: number) => QuerySqlToken<ZodType<z.infer<typeof prunedRow>>>;

/**
 * Deletes expired rows now and every hour, in batches. The statements decide what has expired: see `key-lifetime.ts` for idempotency
 * keys. An error is logged; the next run retries.
 *
 * @param statements by the name of what they delete
 * @returns a function that stops the timer
 */
export function startPruning(
  database: Pick<Database, 'one'>,
  statements: Readonly<Record<string, Prune>>,
  log: Pick<Logger, 'debug' | 'warn'>,
): () => void {
  let stopped = false;
  const prune = async (name: string, statement: Prune) => {
    try {
      let total = 0;
      let count = BATCH;
      while (count === BATCH && !stopped) {
        ({ count } = await database.one({ ...statement(BATCH), isLong: true }));
        total += count;
      }
      log.debug({ count: total }, `pruned ${name}`);
    } catch (err) {
      log.warn({ err }, `could not prune ${name}`);
    }
  };
  const pruneAll = async () => {
    for (const [name, statement] of Object.entries(statements)) await prune(name, statement);
  };
  void pruneAll();
  const timer = setInterval(() => void pruneAll(), INTERVAL_MS).unref();
  return () => {
    stopped = true;
    clearInterval(timer);
  };
}
