import type { DatabasePoolConnection, QuerySqlToken } from 'slonik';
import type { ZodType } from 'zod';
import { untilGivenUp, withoutDeadline } from '../deadlines/request-deadline.ts';
import type { Logger } from '../telemetry/log.ts';
import { untilTurn } from '../turns/turns.ts';
import { connectionOptions } from './connection/connection-options.ts';
import { toProblem } from './errors.ts';
import { SERVICE } from './execution/fair-queue.ts';
import { createLane, type DatabaseUse } from './execution/lane.ts';
import { probeServer } from './connection/pooler.ts';
import { throwUnlessWritable, writableTables } from './readiness.ts';
import { PIPELINE_DEPTH, withServerTimeouts } from './execution/time-limits.ts';

const PING_TIMEOUT_MS = 2000;

const NOT_PREPARED =
  'DATABASE_URL: the connection pooler does not support prepared statements, so they are off; add pgbouncer=true to the URL, ' +
  'or use PgBouncer 1.21 or newer with max_prepared_statements';

/** A query, which `statement` composes. */
export type Query<T> = QuerySqlToken<ZodType<T>> & {
  /** The user in the fair queue; undefined for a query of the service itself. */
  readonly userId?: string;
  /** Whether the query can take long; short ones must not wait behind it. */
  readonly isLong?: boolean;
  /** Whether the query only reads, so that a replica can execute it. */
  readonly isRead?: boolean;
};

/**
 * Executes single statements and validates their rows. Each statement is a transaction of its own: PostgreSQL rolls it back if
 * it fails. A statement waits up to 2 s for its turn (execution/fair-queue.ts) and up to 5 s for its result; the waits of a request end at its deadline. All methods throw a `Problem` `unavailable` when
 * the database is not reachable or overloaded; the statement may have taken effect. It is retried once if it did not run, or
 * if it only reads and its connection was cut.
 */
export interface Database {
  /** Returns exactly one row. */
  one<T>(query: Query<T>): Promise<T>;
  /** Returns one row, or null. */
  maybeOne<T>(query: Query<T>): Promise<T | null>;
  /** Returns any number of rows. */
  any<T>(query: Query<T>): Promise<readonly T[]>;
  /** Resolves if the database responds within 2 s, is not read-only, and its tables can be written. */
  ping(): Promise<void>;
  use(): DatabaseUse;
  /** Closes all connections within 2 s. */
  close(): Promise<void>;
}

interface Options {
  /** A `postgres:` URL as in libpq; see `connectionOptions`. */
  url: string;
  /** The maximum number of connections. A connection for short statements executes up to `PIPELINE_DEPTH` of them at a time. */
  poolSize: number;
  /** Whether statements are prepared once per connection. `auto` detects whether a connection pooler supports them. */
  preparedStatements?: 'auto' | 'on' | 'off';
  /** Receives a warning if `auto` turns prepared statements off. */
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
  const options = await connectionOptions(url);
  const supported = await probeServer(options);
  options.rowSecurity = supported.rowSecurity;
  if (preparedStatements === 'off') options.preparedStatements = false;
  if (
    preparedStatements === 'auto' &&
    options.preparedStatements &&
    !supported.preparedStatements
  ) {
    options.preparedStatements = false;
    log?.warn(NOT_PREPARED);
  }
  // Without the server's timeout, a statement behind another one could take effect after it was given up.
  const isLimited = supported.timeouts === 'enforced';
  const pipelineDepth = isLimited && options.preparedStatements ? PIPELINE_DEPTH : 1;
  const open = (maxConnections: number, depth: number) =>
    createLane({
      options: supported.timeouts === 'refused' ? options : withServerTimeouts(options, depth),
      maxConnections,
      depth,
    });
  const longConnections = poolSize > 1 ? Math.ceil(poolSize / 4) : 0;
  const short = await open(poolSize - longConnections, pipelineDepth);
  const long = longConnections > 0 ? await open(longConnections, 1) : short;
  const lanes = new Set([short, long]);

  const run = async <T, Result>(
    { userId = SERVICE, isLong = false }: Query<T>,
    execute: (connection: DatabasePoolConnection) => Promise<Result>,
  ) => {
    try {
      return await (isLong ? long : short).run(userId, async (connection) => {
        const result = await execute(connection);
        // Until then, the user occupies the slot, so that results do not arrive faster than they are handled.
        const turn = untilTurn(userId);
        if (turn) await turn;
        return result;
      });
    } catch (error) {
      throw toProblem(error);
    }
  };

  // Concurrent pings share one statement, so that frequent health checks cannot use up the connections.
  let ping: Promise<unknown> | undefined;
  return {
    one: (query) => run(query, (connection) => connection.one(query)),
    maybeOne: (query) => run(query, (connection) => connection.maybeOne(query)),
    any: (query) => run(query, (connection) => connection.any(query)),
    ping: async () => {
      ping ??= withoutDeadline(() =>
        run(writableTables, (connection) => connection.one(writableTables)),
      )
        .then(throwUnlessWritable)
        .finally(() => (ping = undefined));
      await untilGivenUp(ping, PING_TIMEOUT_MS);
    },
    use: () => {
      const uses = [...lanes].map((lane) => lane.use());
      const sum = (name: keyof DatabaseUse) => uses.reduce((total, use) => total + use[name], 0);
      return { connections: sum('connections'), running: sum('running'), waiting: sum('waiting') };
    },
    close: async () => {
      await Promise.all([...lanes].map((lane) => lane.close()));
    },
  };
}
