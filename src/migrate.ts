import { readConfig } from './config.ts';
import { startEmbedded } from './db/embedded.ts';
import { migrate } from './db/migrate.ts';
import { createLog } from './telemetry/log.ts';

async function main(): Promise<void> {
  const { databaseUrl, dataDir, logLevel } = readConfig();
  const log = createLog(logLevel);
  if (databaseUrl) {
    await migrate(databaseUrl, log);
  } else {
    const inform = (message: string) => {
      log.info(message);
    };
    const embedded = await startEmbedded({ dataDir, log: inform });
    await migrate(embedded.url, log).finally(() => embedded.stop());
  }
  log.info('the database is up to date');
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
