import { resolveSecret } from './auth/development.ts';
import { readConfig } from './config.ts';
import { openServer } from './db/open-server.ts';
import { runCommand } from './commands/run-command.ts';
import { greeting } from './commands/greeting.ts';
import { startService } from './service.ts';
import { stopSignal } from './commands/stop-signal.ts';
import { createLogger } from './telemetry/log.ts';

/** Shorter than the 10 s that Docker waits before it kills a container. */
const STOP_TIMEOUT_MS = 9_500;

await runCommand(run);

/** Runs the service until SIGTERM or SIGINT, then shuts it down and stops the embedded database. */
async function run(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const stopping = stopSignal(STOP_TIMEOUT_MS);
  const secret = await resolveSecret(config);
  if (config.auth.isSampleSecret) {
    log.warn(
      'BETTER_AUTH_SECRET: this is a published sample value; generate your own: openssl rand -base64 32',
    );
  }
  const database = await openServer(config, log);
  try {
    const service = await startService({
      config: { ...config, auth: { ...config.auth, secret } },
      databaseUrl: database.url,
      log,
    });
    log.info({ host: config.host, port: service.port }, 'listening');
    if (!config.production) process.stdout.write(await greeting(config, service.port, secret));
    log.info({ signal: await stopping }, 'stopping');
    await service.close();
  } finally {
    await database.stop();
  }
  log.info('stopped');
}
