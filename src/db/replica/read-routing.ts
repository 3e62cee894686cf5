import { ConnectionError } from 'slonik';
import { untilGivenUp } from '../../deadlines/request-deadline.ts';
import { ConfigError } from '../../errors/config-error.ts';
import { Problem } from '../../errors/problem.ts';
import type { Logger } from '../../telemetry/log.ts';
import { type Database, openDatabase, type Query } from '../database.ts';
import { codeOf } from '../error-code.ts';
import { followReplica } from './follow-replica.ts';
import { mismatchOf, primaryPosition, replicaPosition } from './log-position.ts';
import { createSharedWrites } from './shared-writes.ts';
import { createLocalWrites } from './writes.ts';

/** The timeout of a read on the replica. It leaves enough time to repeat the read on the primary. */
const READ_TIMEOUT_MS = 2000;

interface Options extends Required<
  Pick<Parameters<typeof openDatabase>[0], 'url' | 'poolSize' | 'preparedStatements'>
> {
  /** How far a replica that is used may lag, in seconds. */
  readonly maxLag: number;
  /** The Redis server through which several processes share which users have written. */
  readonly store: string | undefined;
  readonly log: Logger;
}

/**
 * Adds a streaming replica to a database: the replica executes the statements of users that only read (`isRead` in ../statement.ts).
 * A user reads from the primary until the replica has replayed the user's last write. All reads go to the primary while the replica is
 * down or lags too far.
 *
 * @returns a database that closes both
 * @throws {ConfigError} when the URL is that of another database, or of a primary. A replica that is not reachable is only logged.
 */
export async function routeReads(primary: Database, options: Options): Promise<Database> {
  const { maxLag, store, log } = options;
  const position = await orInvalid(primary.one(primaryPosition));
  if (position.is_citus)
    throw invalid('is not supported with Citus: each of its servers has its own write-ahead log');
  const open = () => openAt(options);
  const database = await open().catch(unlessUnreachable);
  try {
    const found = database && (await orInvalid(database.one(replicaPosition)));
    const mismatch = found && mismatchOf(found, position);
    if (mismatch !== undefined) throw invalid(mismatch);
  } catch (error) {
    await database?.close();
    throw error;
  }
  const writes = store === undefined ? createLocalWrites() : createSharedWrites(store, maxLag, log);
  const replica = await followReplica({ primary, position, database, open, writes, maxLag, log });

  async function run<T, Result>(
    { userId, isRead = false }: Query<T>,
    execute: (database: Database) => Promise<Result>,
  ): Promise<Result> {
    if (userId === undefined) return execute(primary);
    if (!isRead) {
      try {
        return await execute(primary);
      } finally {
        await writes.add(userId);
      }
    }
    const current = replica.current();
    if (current && (await writes.positionOf(userId)) <= replica.replayed()) {
      try {
        return await untilGivenUp(execute(current), READ_TIMEOUT_MS);
      } catch (error) {
        if (isLost(error)) replica.suspend(error);
      }
    }
    return execute(primary);
  }

  return {
    one: (query) => run(query, (on) => on.one(query)),
    maybeOne: (query) => run(query, (on) => on.maybeOne(query)),
    any: (query) => run(query, (on) => on.any(query)),
    ping: () => primary.ping(),
    use: () => sumOf(primary.use(), replica.use()),
    close: async () => {
      writes.close();
      await replica.close();
      await primary.close();
    },
  };
}

async function openAt({ url, poolSize, preparedStatements, log }: Options): Promise<Database> {
  const rename = (text: string) => text.replace(/^DATABASE_URL\b/, 'DATABASE_READ_URL');
  const renamed = {
    warn: (text: string) => {
      log.warn(rename(text));
    },
  };
  try {
    return await openDatabase({ url, poolSize, preparedStatements, log: renamed });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(rename(error.message), { cause: error.cause });
  }
}

const invalid = (reason: string) => new ConfigError(`DATABASE_READ_URL: ${reason}`);

/** Reads a position at the start. The functions can be missing, as in Aurora, or forbidden. */
function orInvalid<T>(position: Promise<T>): Promise<T> {
  return position.catch((error: unknown) => {
    if (error instanceof Problem) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw invalid(`the position of the write-ahead log cannot be read: ${message}`);
  });
}

const UNREACHABLE = /^(E(?!RR_)|08|53|57)/;
const UNREACHABLE_MESSAGE = /^(timeout expired|Connection terminated)/;

/** An unreachable server may become reachable later; a wrong URL, user or certificate remains wrong. */
function unlessUnreachable(error: unknown): undefined {
  const { cause } = error as Error;
  if (cause instanceof Error) {
    if (UNREACHABLE.test(codeOf(cause)) || UNREACHABLE_MESSAGE.test(cause.message)) return;
  }
  throw error;
}

/** Whether an error shows that the server has ended or is ending. */
function isLost(error: unknown): boolean {
  const cause = error instanceof Problem ? error.cause : undefined;
  return cause instanceof ConnectionError || codeOf(cause).startsWith('57P');
}

function sumOf<Use extends Record<keyof Use, number>>(one: Use, other: Use): Use {
  const names = Object.keys(one) as (keyof Use)[];
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as Use;
}
