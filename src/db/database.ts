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
import { createLimiter } from './limiter.ts';

const QUERY_MS = 5000;
const PATIENCE_MS = 2000;
const MAX_WAITING = 1000;
const PING_MS = 2000;
const CLOSE_MS = 2000;
const IDLE_MS = 60_000;

type Query<T> = QuerySqlToken<ZodType<T>>;

/**
 * Statements of one round trip, with their rows validated. Each waits 2 s at most for a connection and 5 s for its result.
 * All throw a `Problem` `unavailable` when the database is not reachable or overloaded; the statement is not repeated,
 * and whether it took effect is unknown.
 */
export interface Database {
  /** Exactly one row. */
  one<T>(query: Query<T>): Promise<T>;
  /** One row or none. */
  maybeOne<T>(query: Query<T>): Promise<T | null>;
  /** Any number of rows. */
  any<T>(query: Query<T>): Promise<readonly T[]>;
  /** Whether the database answers, within 2 s. */
  ping(): Promise<void>;
  /** Ends all connections, within 2 s. */
  close(): Promise<void>;
}

interface Options {
  /** As libpq takes it; see `connectionOptions`. */
  url: string;
  /** The number of connections, and so of statements at once. */
  poolSize: number;
}

/**
 * Opens a pool of connections, which are made when they are needed.
 *
 * @throws {ConfigError} when the URL makes no sense
 */
export async function openDatabase({ url, poolSize }: Options): Promise<Database> {
  const driver = createDriver(await connectionOptions(url), QUERY_MS);
  const pool = await createPool(url, {
    driverFactory: driver.factory,
    maxPoolSize: poolSize,
    idleTimeout: IDLE_MS,
    gracefulTerminationTimeout: CLOSE_MS / 2,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    interceptors: [rowValidation],
    // Slonik's own costs a round trip and drops prepared statements. No statement of ours changes its session.
    resetConnection: () => Promise.resolve(),
  });
  const limiter = createLimiter({
    concurrency: poolSize,
    maxWaiting: MAX_WAITING,
    patience: PATIENCE_MS,
  });
  const run = <T>(statement: () => Promise<T>) =>
    limiter.run(() =>
      statement().catch((error: unknown) => {
        throw toProblem(error);
      }),
    );

  // Shared, so that no number of probes uses up the connections.
  let ping: Promise<unknown> | undefined;
  return {
    one: (query) => run(() => pool.one(query)),
    maybeOne: (query) => run(() => pool.maybeOne(query)),
    any: (query) => run(() => pool.any(query)),
    ping: async () => {
      ping ??= run(() => pool.one(pingQuery)).finally(() => (ping = undefined));
      await within(PING_MS, ping);
    },
    close: async () => {
      limiter.close();
      await Promise.race([pool.end(), sleep(CLOSE_MS, undefined, { ref: false })]);
      driver.cut();
    },
  };
}

const pingQuery = sql.type(z.object({ alive: z.boolean() }))`select true as alive`;

const rowValidation: Interceptor = {
  name: 'row-validation',
  transformRow: ({ resultParser }, query, row) => {
    const result = resultParser?.['~standard'].validate(row);
    if (!result) return row;
    if (result instanceof Promise) throw new TypeError('row types are checked synchronously');
    if (result.issues) throw new SchemaValidationError(query, row, result.issues);
    return result.value as QueryResultRow;
  },
};

/** Gives up on a promise, which goes on by itself. */
async function within(milliseconds: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Problem('unavailable', { cause: new Error(`no answer in ${milliseconds} ms`) }));
  }, milliseconds);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
