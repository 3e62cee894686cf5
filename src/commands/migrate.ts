import { readConfig } from '../config.ts';
import { distributeTables } from '../db/distribute.ts';
import { migrate as applyMigrations } from '../db/migrate.ts';
import { openDatabaseServer } from '../db/connection/open-database-server.ts';
import { secureRows } from '../db/row-security.ts';
import { createLogger } from '../telemetry/log.ts';

/**
 * Applies the pending migrations to the configured database, and distributes its tables and enables row-level security if the
 * configuration says so.
 */
export async function migrate(): Promise<void> {
  const config = readConfig();
  const log = createLogger(config.logLevel);
  const server = await openDatabaseServer(config, log);
  try {
    await applyMigrations(server.url, log);
    if (config.distributed) await distributeTables(server.url, log);
    if (config.serviceRole !== undefined) await secureRows(server.url, config.serviceRole, log);
  } finally {
    await server.stop();
  }
  log.info('database schema is up to date');
}
