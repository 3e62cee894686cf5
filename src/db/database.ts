import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Interceptor,
  type QueryResultRow,
  type QuerySqlToken,
  SchemaValidationError,
  createPool,
  sql,
} from 'slonik';
import { z, type ZodType } from 'zod';
import { Problem } from '../errors/problem.ts';
import { connectionOptions } from './connection.ts';
import { createDriver } from './driver.ts';
import { toProblem } from './errors.ts';
import { createStatementQueue } from './statement-queue.ts';

/** How long a statement may take, once it has a connection. */
const QUERY_TIMEOUT_MS = 5000;
/** How long a statement waits for a connection. */
const WAIT_TIMEOUT_MS = 2000;
const MAX_QUEUED_STATEMENTS = 1000;
const PING_TIMEOUT_MS = 2000;
const CLOSE_TIMEOUT_MS = 2000;
const IDLE_TIMEOUT_MS = 60_000;

type Query<T> = QuerySqlToken<ZodType<T>>;

/**
 * Executes single statements, without transactions, and validates their rows. A statement waits up to 2 s for a connection
 * and up to 5 s for its result. All methods throw a `Problem` `unavailable` when the database is not reachable or
 * overloaded; there is no retry, and the statement may have taken effect.
 */
export interface Database {
  /** Returns exactly one row. */
  one<T>(query: Query<T>): Promise<T>;
  /** Returns one row, or null. */
  maybeOne<T>(query: Query<T>): Promise<T | null>;
  /** Returns any number of rows. */
  any<T>(query: Query<T>): Promise<readonly T[]>;
  /** Resolves if the database responds within 2 s. */
  ping(): Promise<void>;
  /** Closes all connections within 2 s. */
  close(): Promise<void>;
}

interface Options {
  /** A `postgres:` URL as in libpq; see `connectionOptions`. */
  url: string;
  /** The maximum number of connections, and so of concurrent statements. */
  poolSize: number;
}

/**
 * Creates a connection pool. Connections are opened on demand.
 *
 * @throws {ConfigError} when the URL is invalid
 */
export async function openDatabase({ url, poolSize }: Options): Promise<Database> {
  const driver = createDriver(await connectionOptions(url), QUERY_TIMEOUT_MS);
  const pool = await createPool(url, {
    driverFactory: driver.factory,
    maxPoolSize: poolSize,
    idleTimeout: IDLE_TIMEOUT_MS,
    gracefulTerminationTimeout: CLOSE_TIMEOUT_MS / 2,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    interceptors: [rowValidation],
    // Slonik's default, DISCARD ALL, costs a round trip and drops the prepared statements. Our statements change no session state.
    resetConnection: () => Promise.resolve(),
  });
  const queue = createStatementQueue({
    concurrency: poolSize,
    maxQueued: MAX_QUEUED_STATEMENTS,
    waitTimeoutMs: WAIT_TIMEOUT_MS,
  });
  const run = <T>(statement: () => Promise<T>) =>
    queue.run(() =>
      statement().catch((error: unknown) => {
        throw toProblem(error);
      }),
    );

  // Concurrent pings share one statement, so that frequent health checks cannot use up the connections.
  let ping: Promise<unknown> | undefined;
  return {
    one: (query) => run(() => pool.one(query)),
    maybeOne: (query) => run(() => pool.maybeOne(query)),
    any: (query) => run(() => pool.any(query)),
    ping: async () => {
      ping ??= run(() => pool.one(pingQuery)).finally(() => (ping = undefined));
      await withTimeout(ping, PING_TIMEOUT_MS);
    },
    close: async () => {
      queue.close();
      await Promise.race([pool.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      driver.destroyConnections();
    },
  };
}

const pingQuery = sql.type(z.object({ alive: z.boolean() }))`select true as alive`;

const rowValidation: Interceptor = {
  name: 'row-validation',
  transformRow: ({ resultParser }, query, row) => {
    const result = resultParser?.['~standard'].validate(row);
    if (!result) return row;
    if (result instanceof Promise) throw new TypeError('row schemas must be synchronous');
    if (result.issues) throw new SchemaValidationError(query, row, result.issues);
    return result.value as QueryResultRow;
  },
};

/** Waits for a promise up to a timeout. The work behind the promise continues after the timeout. */
async function withTimeout(promise: Promise<unknown>, timeoutMs: number): Promise<void> {
  const { promise: timedOut, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const cause = new Error(`timed out after ${timeoutMs} ms waiting for the database`);
    reject(new Problem('unavailable', { cause }));
  }, timeoutMs);
  try {
    await Promise.race([promise, timedOut]);
  } finally {
    clearTimeout(timer);
  }
}
