import { readConfig } from '../config.ts';

/**
 * Checks the settings, and prints the ones that decide where the service listens and stores its data.
 *
 * @throws {ConfigError} with one line per mistake
 */
export function checkConfig(): void {
  const { production, host, port, databaseUrl, dataDir } = readConfig();
  const database = databaseUrl === undefined ? `embedded, in ${dataDir}` : 'DATABASE_URL';
  process.stdout.write(
    `The settings are valid. Mode: ${production ? 'production' : 'development'}; listens on: ${host}, port ${port}; database: ${database}.\n`,
  );
}
