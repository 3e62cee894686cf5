import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.ts';
import { createAuthenticator } from './auth/authenticator.ts';
import type { Config } from './config.ts';
import { type Database, openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { startPruning } from './db/pruning.ts';
import { pruneIdempotencyKeys } from './idempotency/statements.ts';
import { createHealth } from './operations/health.ts';
import { handlers } from './operations/index.ts';
import { openRateLimits } from './rate-limits/rate-limits.ts';
import { pollRevocations } from './revocations/poll-revocations.ts';
import { createRevocationRepository } from './revocations/repository.ts';
import { createRevocations } from './revocations/revocations.ts';
import { pruneRevocations } from './revocations/statements.ts';
import { listen, type ServerLimits } from './server/listen.ts';
import { createTaskRepository } from './tasks/repository.ts';
import type { Logger } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { createUserRepository } from './users/repository.ts';

/**
 * The time from the stop signal until the last HTTP connection is closed: enough for a statement (2 s wait and 5 s
 * execution). Closing the database takes up to 2 s more, and orchestrators kill the process after 10 s.
 */
const STOP_SECONDS = 7;

export interface Service {
  readonly port: number;
  /**
   * Shuts down without losing a request: fails the health checks and still accepts requests during `shutdownDelay`, then
   * stops listening, drains the requests in flight, and closes the database connections.
   */
  close(): Promise<void>;
}

interface Options {
  readonly config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'corsOrigins'
    | 'trustedProxies'
    | 'publicUrl'
    | 'rateLimits'
    | 'databasePoolSize'
    | 'replica'
    | 'preparedStatements'
    | 'auth'
    | 'shutdownDelay'
    | 'tracing'
  >;
  readonly databaseUrl: string;
  readonly log: Logger;
  readonly metrics?: Metrics | undefined;
  /** Other limits of the HTTP server than the defaults. */
  readonly limits?: Partial<ServerLimits>;
}

/**
 * Applies the pending migrations and starts the service.
 *
 * @throws when the contract is invalid, the database is not reachable, or the port cannot be used
 */
export async function startService({
  config,
  databaseUrl,
  log,
  metrics,
  limits = {},
}: Options): Promise<Service> {
  await migrate(databaseUrl, log);
  const rateLimits = await openRateLimits(config.rateLimits, log);
  const tracing = config.tracing
    ? (await import('./telemetry/tracing.ts')).startTracing(log)
    : undefined;
  const pool = await openDatabases(config, databaseUrl, log).catch(async (error: unknown) => {
    // Their connections would keep the process running.
    rateLimits.close();
    await tracing?.stop();
    throw error;
  });
  const database = tracing?.traceStatements(pool) ?? pool;
  const revocations = createRevocations();
  let stopPolling: (() => void) | undefined;
  try {
    stopPolling = await pollRevocations(database, revocations, config.auth.maxLifetime, log);
    const health = createHealth(database);
    const tokenCache = { hits: 0, misses: 0 };
    const { app, messageClasses, isTrusted, checkContract } = createApp({
      handlers,
      services: {
        tasks: createTaskRepository(database),
        users: createUserRepository(database),
        revocations: createRevocationRepository(database, revocations),
        health,
      },
      authenticator: createAuthenticator({
        auth: config.auth,
        revocations,
        log,
        cacheUse: tokenCache,
      }),
      rateLimits,
      corsOrigins: config.corsOrigins,
      trustedProxies: config.trustedProxies,
      publicUrl: config.publicUrl,
      log,
      observe: metrics?.observe,
      tracing,
    });
    metrics?.start({ database: () => database.use(), tokenCache, revocations, rateLimits });
    const server = await listen(app, {
      host: config.host,
      port: config.port,
      log,
      messageClasses,
      isTrusted,
      limits,
      observe: metrics?.observe,
    });
    // The service already serves requests: the first request of an operation compiles its validators.
    await checkContract().catch(async (error: unknown) => {
      await server.close(0);
      throw error;
    });
    const stopPruning = startPruning(
      database,
      {
        'idempotency keys': pruneIdempotencyKeys,
        revocations: (limit) => pruneRevocations(config.auth.maxLifetime, limit),
      },
      log,
    );
    return {
      port: server.port,
      async close(): Promise<void> {
        health.stop();
        server.disableKeepAlive();
        stopPruning();
        await delay(config.shutdownDelay * 1000);
        await server.close(STOP_SECONDS - config.shutdownDelay);
        stopPolling?.();
        await Promise.all([database.close(), tracing?.stop()]);
        rateLimits.close();
      },
    };
  } catch (error) {
    stopPolling?.();
    await Promise.all([database.close(), tracing?.stop()]);
    rateLimits.close();
    throw error;
  }
}

/** Opens the database, and its replica if there is one. */
async function openDatabases(
  { databasePoolSize: poolSize, preparedStatements, replica, rateLimits }: Options['config'],
  url: string,
  log: Logger,
): Promise<Database> {
  const primary = await openDatabase({ url, poolSize, preparedStatements, log });
  if (!replica) return primary;
  try {
    const { routeReads } = await import('./db/replica/read-routing.ts');
    const { store } = rateLimits;
    return await routeReads(primary, { ...replica, poolSize, preparedStatements, store, log });
  } catch (error) {
    await primary.close();
    throw error;
  }
}
