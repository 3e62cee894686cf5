import { AsyncLocalStorage } from 'node:async_hooks';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool } from 'pg';

/** How long a request waits for the database, in total: for connections and for results. */
const REQUEST_MS = 5000;

/** What remains of the time that a request may wait for the database. */
export interface DatabaseWait {
  remainingMs: number;
}

export function newDatabaseWait(): DatabaseWait {
  return { remainingMs: REQUEST_MS };
}

/**
 * Runs the work of a request, which waits for the database for at most five seconds in total. After that, waits end and no further
 * query is sent.
 *
 * @param wait what remains of the time, if the request has other work; nested calls share it anyway
 */
export type LimitWait = <Result>(
  work: () => Promise<Result>,
  wait?: DatabaseWait,
) => Promise<Result>;

/** A pool whose connections and queries share the time that a request may wait. */
export interface LimitedPool extends PostgresPool {
  readonly limitWait: LimitWait;
}

/** Limits how long requests wait for a pool. Outside of a request, each wait takes at most five seconds. */
export function limitWaits(pool: Pool): LimitedPool {
  const storage = new AsyncLocalStorage<DatabaseWait>();

  /**
   * @param discard gets the result if it is too late
   * @throws {WaitOver} when the time is over
   */
  async function limited<Result>(
    start: () => Promise<Result>,
    discard: (late: Result) => void = ignore,
  ): Promise<Result> {
    const wait = storage.getStore() ?? newDatabaseWait();
    if (wait.remainingMs <= 0) throw new WaitOver();
    const begin = performance.now();
    const work = start();
    const { promise: over, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      reject(new WaitOver());
      work.then(discard, ignore);
    }, wait.remainingMs);
    try {
      return await Promise.race([work, over]);
    } finally {
      clearTimeout(timer);
      wait.remainingMs -= performance.now() - begin;
    }
  }

  return {
    async connect() {
      const client = await limited(
        () => pool.connect(),
        (late) => {
          late.release();
        },
      );
      let isBroken = false;
      const query = (sql: string, parameters: readonly unknown[]) =>
        limited(() => client.query(sql, [...parameters])).catch((error: unknown) => {
          // The connection may still be busy, or in a transaction.
          isBroken ||= error instanceof WaitOver;
          throw error;
        });
      return {
        // The type also has a cursor, which is not used.
        query: query as unknown as PostgresPoolClient['query'],
        release: () => {
          client.release(isBroken);
        },
      };
    },
    end: () => pool.end(),
    limitWait: (work, wait = storage.getStore() ?? newDatabaseWait()) => storage.run(wait, work),
  };
}

class WaitOver extends Error {
  override readonly name = 'WaitOver';
  override readonly message = `the request has waited ${REQUEST_MS / 1000} s for the database`;
}

const ignore = () => undefined;
