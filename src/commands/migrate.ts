import { readConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openServer } from '../db/open-server.ts';
import { runCommand } from './run-command.ts';
import { createLogger } from '../telemetry/log.ts';

await runCommand(run);

/** Applies the pending migrations to the configured database. */
async function run(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const server = await openServer(config, log);
  try {
    await migrate(server.url, log);
  } finally {
    await server.stop();
  }
  log.info('database schema is up to date');
}
