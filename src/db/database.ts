import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DatabasePool,
  type DatabasePoolConnection,
  type QuerySqlToken,
  createPool,
  sql,
} from 'slonik';
import { z, type ZodType } from 'zod';
import { Problem } from '../errors/problem.ts';
import type { Logger } from '../telemetry/log.ts';
import { createConnectionQueue } from './connection-queue.ts';
import { connectionOptions } from './connection.ts';
import { createDriver } from './driver.ts';
import { isStatementError, toProblem } from './errors.ts';
import { keepsPreparedStatements } from './pooler.ts';
import { rowValidation } from './row-validation.ts';
import { withServerTimeouts } from './server-timeouts.ts';

/** How long a statement may take, once it has a connection; see also `withServerTimeouts`. */
const STATEMENT_TIMEOUTS = { cancelMs: 4250, graceMs: 750 };
/** How long a statement waits for a connection. */
const WAIT_TIMEOUT_MS = 2000;
const MAX_QUEUED_STATEMENTS = 1000;
const PING_TIMEOUT_MS = 2000;
const CLOSE_TIMEOUT_MS = 2000;
const IDLE_TIMEOUT_MS = 60_000;
const MAX_CONNECTION_AGE_MS = 30 * 60_000;

const NOT_PREPARED =
  'DATABASE_URL: the connection pooler does not keep prepared statements, so they are off; add pgbouncer=true to the URL, ' +
  'or use PgBouncer 1.21 or newer with max_prepared_statements';

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
  /** Whether statements are prepared once per connection. `auto` finds out whether a connection pooler can keep them. */
  preparedStatements?: 'auto' | 'on' | 'off';
  /** Gets a warning if `auto` turns prepared statements off. */
  log?: Pick<Logger, 'warn'>;
}

/**
 * Creates a connection pool. Connections are opened on demand.
 *
 * @throws {ConfigError} when the URL is invalid, or the server is not reachable
 */
export async function openDatabase({
  url,
  poolSize,
  preparedStatements = 'auto',
  log,
}: Options): Promise<Database> {
  const options = await withServerTimeouts(await connectionOptions(url));
  if (preparedStatements === 'off') options.preparedStatements = false;
  if (preparedStatements === 'auto' && options.preparedStatements) {
    options.preparedStatements = await keepsPreparedStatements(options);
    if (!options.preparedStatements) log?.warn(NOT_PREPARED);
  }
  const driver = createDriver(options, STATEMENT_TIMEOUTS);
  const pool = await createPool(url, {
    driverFactory: driver.factory,
    // The queue limits the connections; those that are being closed still count here.
    maxPoolSize: 2 * poolSize,
    gracefulTerminationTimeout: CLOSE_TIMEOUT_MS / 2,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    interceptors: [rowValidation],
  });
  const queue = createConnectionQueue<HeldConnection>({
    open: (onLost) => hold(pool, onLost),
    close: (connection) => connection.close(),
    isUsableAfter: isStatementError,
    maxConnections: poolSize,
    maxQueued: MAX_QUEUED_STATEMENTS,
    waitTimeoutMs: WAIT_TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    maxAgeMs: MAX_CONNECTION_AGE_MS,
  });
  const run = async <T>(statement: (connection: DatabasePoolConnection) => Promise<T>) => {
    try {
      return await queue.run((held) => statement(held.connection));
    } catch (error) {
      throw toProblem(error);
    }
  };

  // Concurrent pings share one statement, so that frequent health checks cannot use up the connections.
  let ping: Promise<unknown> | undefined;
  return {
    one: (query) => run((connection) => connection.one(query)),
    maybeOne: (query) => run((connection) => connection.maybeOne(query)),
    any: (query) => run((connection) => connection.any(query)),
    ping: async () => {
      ping ??= run((connection) => connection.one(pingQuery)).finally(() => (ping = undefined));
      await withTimeout(ping, PING_TIMEOUT_MS);
    },
    close: async () => {
      queue.close();
      await Promise.race([pool.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      driver.destroyConnections();
    },
  };
}

interface HeldConnection {
  readonly connection: DatabasePoolConnection;
  /** Resolves when the connection is closed. */
  close(): Promise<void>;
}

/** Takes a connection from Slonik's pool and keeps it until it is closed or lost. */
async function hold(
  pool: DatabasePool,
  onLost: (held: HeldConnection) => void,
): Promise<HeldConnection> {
  const opened = Promise.withResolvers<DatabasePoolConnection>();
  const closed = Promise.withResolvers<never>();
  const end = pool.connect((connection) => {
    opened.resolve(connection);
    return closed.promise;
  });
  end.catch(opened.reject);
  const held = {
    connection: await opened.promise,
    close: async () => {
      // Slonik closes the connection of a function that fails.
      closed.reject(new Error('the connection is closed'));
      await end.catch(() => undefined);
    },
  };
  end.catch(() => {
    onLost(held);
  });
  return held;
}

const pingQuery = sql.type(z.object({ alive: z.boolean() }))`select true as alive`;

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
