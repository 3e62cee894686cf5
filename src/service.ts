import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from './app.ts';
import { createAuthenticator } from './auth/authenticator.ts';
import type { Config } from './config.ts';
import { openDatabase } from './db/database.ts';
import { migrate } from './db/migrate.ts';
import { createHealth } from './operations/health.ts';
import { listen } from './http/server.ts';
import { handlers } from './operations/index.ts';
import { startPruning } from './idempotency/pruning.ts';
import { createTaskRepository } from './tasks/repository.ts';
import { createUserRepository } from './users/repository.ts';
import type { Logger } from './telemetry/log.ts';

/** How long a stop may take, but for the database's end: long enough for a statement, short enough for orchestrators. */
const STOP_SECONDS = 7;

export interface Service {
  readonly port: number;
  /**
   * Says for the delay of the configuration that it is not ready any more, then takes no more requests, finishes those in
   * flight, and lets go of the database.
   */
  close(): Promise<void>;
}

interface Options {
  readonly config: Pick<
    Config,
    'host' | 'port' | 'corsOrigins' | 'databasePoolSize' | 'auth' | 'shutdownDelay'
  >;
  readonly databaseUrl: string;
  readonly log: Logger;
}

/**
 * Starts the service on a database, which is migrated first.
 *
 * @throws when the contract cannot be loaded, the database not reached, or the port not listened on
 */
export async function startService({ config, databaseUrl, log }: Options): Promise<Service> {
  await migrate(databaseUrl, log);
  const database = await openDatabase({ url: databaseUrl, poolSize: config.databasePoolSize });
  try {
    const health = createHealth(database);
    const app = await createApp({
      handlers,
      services: {
        tasks: createTaskRepository(database),
        users: createUserRepository(database),
        health,
      },
      authenticate: createAuthenticator({ auth: config.auth, log }),
      corsOrigins: config.corsOrigins,
      log,
    });
    const server = await listen(app, config.host, config.port, log);
    const stopPruning = startPruning(database, log);
    return {
      port: server.port,
      async close(): Promise<void> {
        health.stop();
        stopPruning();
        await delay(config.shutdownDelay * 1000);
        await server.close(STOP_SECONDS - config.shutdownDelay);
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
