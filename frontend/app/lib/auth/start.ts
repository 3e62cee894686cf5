import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError } from '../../../../src/errors/config-error.ts';
import { createAuth } from '../auth.ts';
import type { Config } from '../config.ts';
import { log } from '../log.ts';
import { tellClientAddresses } from './client-address.ts';
import { authConnection, openPool, tablesOf } from './database.ts';
import { createMockAuth } from './mock.ts';
import { prepareDatabase } from './prepare-database.ts';
import { provideAuth, type Running } from './running.ts';

const PATIENCE_MS = 30_000;
const PAUSE_MS = 1000;

/**
 * Starts Better Auth for the pages and routes of this process. A database that cannot be reached yet is waited for, 30
 * seconds at most.
 *
 * @throws {ConfigError} when the database cannot be reached
 * @throws {Error} when it can, and cannot be used
 */
export async function startAuth(config: Config): Promise<Running> {
  tellClientAddresses(config.trustedProxies.length > 0);
  const running = await (config.databaseUrl === undefined
    ? withoutDatabase(config)
    : withDatabase(config, config.databaseUrl));
  provideAuth(running);
  return running;
}

async function withDatabase(config: Config, databaseUrl: string): Promise<Running> {
  const options = await patiently(async () => {
    const connection = await authConnection(databaseUrl);
    await prepareDatabase(config, connection);
    return connection;
  });
  const pool = openPool(options, config.databasePoolSize);
  return {
    auth: createAuth(config, tablesOf(pool)),
    ping: async () => {
      await pool.query('select 1');
    },
    stop: () => pool.end(),
  };
}

async function withoutDatabase(config: Config): Promise<Running> {
  const nothing = () => Promise.resolve();
  return { auth: await createMockAuth(config), ping: nothing, stop: nothing };
}

/** Tries again while the database cannot be connected to. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (let first = true; ; first = false) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof ConfigError) || performance.now() >= end) throw error;
      if (first) log('warn', `${error.message}; trying again for ${PATIENCE_MS / 1000} s`);
      await delay(PAUSE_MS);
    }
  }
}
