import { resolveSecret } from './auth/development.ts';
import { readConfig } from './config.ts';
import { openServer } from './db/open-server.ts';
import { runCommand } from './commands/run-command.ts';
import { greeting } from './commands/greeting.ts';
import { startService } from './service.ts';
import { stopSignal } from './commands/stop-signal.ts';
import { createLog } from './telemetry/log.ts';

const STOP_MS = 9_500;

await runCommand(run);

/** The process, from its configuration to its clean end at SIGTERM or SIGINT. */
async function run(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const stopping = stopSignal(STOP_MS);
  const secret = await resolveSecret(config);
  if (config.auth.secretIsPublished) {
    log.warn(
      'BETTER_AUTH_SECRET: everybody knows this one; make your own with: openssl rand -base64 32',
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
