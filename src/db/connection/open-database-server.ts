import type { Config } from '../../config.ts';
import type { Logger } from '../../telemetry/log.ts';
import { startEmbedded } from '../../embedded-postgres/start.ts';

/** A PostgreSQL to connect to. */
export interface DatabaseServer {
  readonly url: string;
  /** Rejects with the reason when an embedded PostgreSQL keeps ending. Never resolves. */
  readonly failed: Promise<never>;
  /** Stops an embedded PostgreSQL, unless another service uses it. Has no effect on the PostgreSQL of the configuration. */
  stop(): Promise<void>;
}

/**
 * Returns the PostgreSQL of the configuration, or starts an embedded one.
 *
 * @throws {ConfigError} if the embedded PostgreSQL cannot be used here
 * @throws {Error} if it does not start
 */
export async function openDatabaseServer(
  { databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>,
  log: Pick<Logger, 'info' | 'warn'>,
): Promise<DatabaseServer> {
  if (databaseUrl !== undefined) {
    const failed = new Promise<never>(() => undefined);
    return { url: databaseUrl, failed, stop: () => Promise.resolve() };
  }
  const start = performance.now();
  log.info('starting PostgreSQL');
  const server = await startEmbedded({
    dataDir,
    log: (message) => {
      log.info(message);
    },
    warn: (message) => {
      log.warn(message);
    },
  });
  log.info({ duration_ms: Math.round(performance.now() - start) }, 'PostgreSQL is ready');
  return server;
}
