import { readConfig } from '../config.ts';
import { migrate } from '../db/migrate.ts';
import { openServer } from '../db/open-server.ts';
import { runCommand } from './run-command.ts';
import { createLog } from '../telemetry/log.ts';

await runCommand(run);

/** Brings the schema of the configuration's database up to date. */
async function run(): Promise<void> {
  const config = readConfig();
  const log = createLog(config.logLevel);
  const server = await openServer(config, log);
  try {
    await migrate(server.url, log);
  } finally {
    await server.stop();
  }
  log.info('the database is up to date');
}
