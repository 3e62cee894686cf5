import { setTimeout as delay } from 'node:timers/promises';
import { resolveSecret } from './auth/development.ts';
import { ConfigError, readConfig, type Config } from './config.ts';
import { startEmbedded } from './db/embedded.ts';
import { greeting } from './greeting.ts';
import { startService } from './service.ts';
import { createLog, type Logger } from './telemetry/log.ts';

/** A stop that takes longer ends as a crash, before an orchestrator would make it one. */
const STOP_MS = 9_500;
/** The codes of errors about `HOST`. */
const NO_ADDRESS = new Set<unknown>(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

try {
  const config = readConfig();
  await run(config, createLog(config.logLevel));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

/** The process, from its configuration to its clean end at SIGTERM or SIGINT. */
async function run(config: Config, log: Logger): Promise<void> {
  const stopping = stopSignal();
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

/** The PostgreSQL of the configuration, or an embedded one. */
async function openServer(
  { databaseUrl, dataDir }: Config,
  log: Logger,
): Promise<{ url: string; stop(): Promise<void> }> {
  if (databaseUrl !== undefined) return { url: databaseUrl, stop: () => Promise.resolve() };
  const say = (message: string) => {
    log.info(message);
  };
  return startEmbedded({ dataDir, log: say });
}

async function stopSignal(): Promise<NodeJS.Signals> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
  void delay(STOP_MS, undefined, { ref: false }).then(() => process.exit(1));
  return signal;
}

/** What went wrong and what to do, in one line where we know it. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && 'port' in error) {
    if (error.code === 'EADDRINUSE') {
      return `PORT: ${String(error.port)} is in use; stop the other program, or choose another port: PORT=8001 make run`;
    }
    if (error.code === 'EACCES') {
      return `PORT: ${String(error.port)} is not ours to listen on; choose one above 1023: PORT=8001 make run`;
    }
  }
  if (error instanceof Error && 'code' in error && NO_ADDRESS.has(error.code)) {
    return 'HOST: is no address of this machine; try HOST=127.0.0.1';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
