import { resolveSecret } from '../auth/secret.ts';
import { type Config, readConfig } from '../config.ts';
import { openDatabaseServer } from '../db/connection/open-database-server.ts';
import { createLogger, type Logger } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { startMetrics } from '../telemetry/start-metrics.ts';
import { greeting } from './greeting.ts';
import { STOP_TIMEOUT_MS, stopSignal } from './stop-signal.ts';

/**
 * Runs the service until SIGTERM or SIGINT, then shuts it down and stops the embedded database.
 *
 * @throws {ProgramError} after the shutdown, if the embedded database kept ending
 */
export async function serve(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  const secret = await resolveSecret(config);
  if (config.auth.isSampleSecret) {
    log.warn(
      'BETTER_AUTH_SECRET: this is a published sample value; generate your own: openssl rand -base64 32',
    );
  }
  const metricsServer = await startMetrics(config);
  const database = await openDatabaseServer(config, log);
  try {
    const service = await start(config, database.url, secret, metricsServer.metrics, log);
    try {
      log.info({ host: config.host, port: service.port }, 'listening');
      if (!config.production) {
        const text = await greeting(config, service.port, secret);
        // So that the greeting follows the lines of the log.
        log.flush();
        process.stdout.write(text);
      }
      log.info({ signal: await Promise.race([stopping, database.failed]) }, 'stopping');
    } finally {
      await service.close();
    }
  } finally {
    metricsServer.close();
    await database.stop();
  }
  log.info('stopped');
}

/** Starts the service in this process, or in several worker processes. */
async function start(
  config: Config,
  databaseUrl: string,
  secret: string | undefined,
  metrics: Metrics | undefined,
  log: Logger,
): Promise<{ readonly port: number; close(): Promise<void> }> {
  if (config.workers === 1) {
    const { startService } = await import('../service.ts');
    return startService({
      config: { ...config, auth: { ...config.auth, secret } },
      databaseUrl,
      log,
      metrics,
    });
  }
  const { startWorkers } = await import('../workers/start-workers.ts');
  const environment = {
    DATABASE_URL: databaseUrl,
    ...(secret !== undefined && { BETTER_AUTH_SECRET: secret }),
  };
  return startWorkers({ count: config.workers, environment, log });
}
