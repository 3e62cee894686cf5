import { readConfig } from '../config.ts';
import { migrate as applyMigrations } from '../db/migrate.ts';
import { openServer } from '../db/open-server.ts';
import { createLogger } from '../telemetry/log.ts';

/** Applies the pending migrations to the configured database. */
export async function migrate(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const server = await openServer(config, log);
  try {
    await applyMigrations(server.url, log);
  } finally {
    await server.stop();
  }
  log.info('database schema is up to date');
}
