import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../../../../src/errors/config-error.ts';
import { createAuth } from '../auth.ts';
import { BASE_PATH } from '../base-path.ts';
import { readConfig, type Config } from '../config.ts';
import { log } from '../log.ts';
import { setClientAddressHeaders } from './client-address.ts';
import { limitConnections } from './connection-limit.ts';
import { authConnection, openPool, tablesOf } from './database.ts';
import { limitWaits } from './database-wait.ts';
import { createMockAuth } from './mock.ts';
import { prepareDatabase } from './prepare-database.ts';
import { provideAuth, type Running } from './running.ts';

const CONNECT_TIMEOUT_MS = 30_000;
const RETRY_DELAY_MS = 1000;

/** Starts the server's part of the application. If that fails, it writes one line for each mistake and exits the process. */
export async function start(): Promise<void> {
  try {
    const config = readConfig();
    checkBuild(config);
    // All clients of a proxy have its address. A proxy limits the connections of each client itself.
    if (config.trustedProxies.length === 0) limitConnections();
    await startAuth(config);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`The frontend cannot start:\n${message.replace(/^/gm, '  ')}\n`);
    process.exit(1);
  }
}

/** @throws {ConfigError} if the frontend was built for another path than that of its public URL */
function checkBuild({ url, basePath }: Config): void {
  if (basePath === BASE_PATH) return;
  throw new ConfigError(
    `BETTER_AUTH_URL: has the path ${basePath || '/'}, but the frontend is built for ${BASE_PATH || '/'}; run: BETTER_AUTH_URL=${url}${basePath} npm run build:frontend`,
  );
}

/**
 * Starts Better Auth for the pages and routes of this process. It retries for up to 30 seconds if the database cannot be reached.
 *
 * @throws {ConfigError} if the database cannot be reached
 * @throws {Error} if the database cannot be used
 */
export async function startAuth(config: Config): Promise<Running> {
  setClientAddressHeaders(config.trustedProxies.length > 0);
  const running = await (config.databaseUrl === undefined
    ? withoutDatabase(config)
    : withDatabase(config, config.databaseUrl));
  provideAuth(running);
  return running;
}

async function withDatabase(config: Config, databaseUrl: string): Promise<Running> {
  const options = await retryConnecting(async () => {
    const connection = await authConnection(databaseUrl);
    await prepareDatabase(config, connection);
    return connection;
  });
  const pool = limitWaits(openPool(options, config.databasePoolSize));
  return {
    auth: createAuth(config, tablesOf(pool)),
    limitWait: pool.limitWait,
    ping: async () => {
      const client = await pool.connect();
      await client.query('select 1', []).finally(() => {
        client.release();
      });
    },
    stop: () => pool.end(),
  };
}

async function withoutDatabase(config: Config): Promise<Running> {
  const nothing = () => Promise.resolve();
  return {
    auth: await createMockAuth(config),
    limitWait: (work) => work(),
    ping: nothing,
    stop: nothing,
  };
}

/** Retries while the database cannot be reached. */
async function retryConnecting<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const end = performance.now() + CONNECT_TIMEOUT_MS;
  for (let first = true; ; first = false) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConfigError) || performance.now() >= end) throw error;
      if (first) log('warn', `${error.message}; retrying for ${CONNECT_TIMEOUT_MS / 1000} s`);
      await delay(RETRY_DELAY_MS);
    }
  }
}
