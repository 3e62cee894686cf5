import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabasePool, type DatabasePoolConnection, createPool } from 'slonik';
import { cancelStatement } from '../connection/cancel.ts';
import { createClient } from '../connection/client.ts';
import type { ConnectionOptions } from '../connection/connection-options.ts';
import { createDriver, getTypeParser } from './driver.ts';
import { isStatementError } from '../errors.ts';
import { type FairQueue, createFairQueue } from './fair-queue.ts';
import { createPipelines } from './pipelines.ts';
import { affectsAllConnections } from './retry.ts';
import { rowValidation } from './row-validation.ts';
import { CANCEL_MS, GRACE_MS } from './time-limits.ts';

const CLOSE_TIMEOUT_MS = 2000;
const IDLE_TIMEOUT_MS = 60_000;
const MAX_CONNECTION_AGE_MS = 30 * 60_000;

interface Options {
  readonly options: ConnectionOptions;
  readonly maxConnections: number;
  /** The maximum number of statements in the pipeline of a connection; see `createPipelines`. */
  readonly depth: number;
}

/** The number of connections and statements of a database. */
export interface DatabaseUse {
  readonly connections: number;
  /** Statements that have been sent. */
  readonly running: number;
  /** Statements that wait for their turn. */
  readonly waiting: number;
}

/** The connections for one kind of statements, with their queue. */
export interface Lane extends Pick<FairQueue<DatabasePoolConnection>, 'run'> {
  use(): DatabaseUse;
  /** Closes all connections within 2 s. */
  close(): Promise<void>;
}

/** Creates a lane. Connections are opened on demand. */
export async function createLane({ options, maxConnections, depth }: Options): Promise<Lane> {
  const configuration = {
    ...options,
    keepAlive: true,
    pipeline: true,
    types: { getTypeParser },
  };
  const pipelines = createPipelines({
    createClient: () => createClient(configuration),
    cancel: (client, signal) => cancelStatement(client, options, signal),
    isUsableAfter: isStatementError,
    affectsAllConnections,
    maxConnections,
    depth,
    cancelMs: CANCEL_MS,
    graceMs: GRACE_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    maxAgeMs: MAX_CONNECTION_AGE_MS,
  });
  const statements = maxConnections * depth;
  const pool = await createPool('postgres:', {
    driverFactory: createDriver(pipelines, options),
    maxPoolSize: statements,
    connectionRetryLimit: 0,
    queryRetryLimit: 0,
    idleTimeout: 'DISABLE_TIMEOUT',
    resetConnection: () => Promise.resolve(),
    interceptors: [rowValidation],
  });
  const { connections, release } = await takeConnections(pool, statements);
  const queue = createFairQueue({ slots: connections });
  return {
    run: (userId, statement) => queue.run(userId, statement),
    use: () => ({ connections: pipelines.count(), ...queue.use() }),
    close: async () => {
      queue.close();
      await Promise.race([pipelines.close(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
      pipelines.destroy();
      release();
    },
  };
}

/** Takes connections from a pool, until they are released. Taking one for each statement would cost more than the statement. */
async function takeConnections(pool: DatabasePool, count: number) {
  const released = Promise.withResolvers<undefined>();
  const take = () => {
    const { promise, resolve, reject } = Promise.withResolvers<DatabasePoolConnection>();
    pool
      .connect((connection) => {
        resolve(connection);
        return released.promise;
      })
      .catch(reject);
    return promise;
  };
  return {
    connections: await Promise.all(Array.from({ length: count }, take)),
    release: () => {
      released.resolve(undefined);
    },
  };
}
