import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import { startService } from '../../src/service.ts';
import { logOptions } from '../../src/telemetry/log.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { administer } from './server.ts';
import { createServiceRole, usesServiceRole } from './service-role.ts';
import { SECRET } from './tokens.ts';
import { useServer } from './use-server.ts';

export interface TestService {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** The log lines of the service, as JSON. */
  readonly log: string[];
  stop(): Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

/**
 * A service for the tests of a file or a `describe` block, with an empty database. Call it once per file.
 *
 * @param environment settings; with any, the service is started for these tests only
 */
export function useService(environment?: Environment): TestService {
  return useServer(() => (environment ? startTestService(environment) : sharedService()));
}

let shared: Promise<TestService> | undefined;

/**
 * The service that the test files of a worker share, one after the other, because starting one takes half a second of CPU
 * time. It stops when the worker exits.
 */
async function sharedService(): Promise<TestService> {
  shared ??= startTestService();
  const service = await shared;
  await administer(service.databaseUrl, 'truncate users, token_revocations cascade');
  service.log.length = 0;
  return { ...service, stop: () => Promise.resolve() };
}

/**
 * Starts a service.
 *
 * @param environment settings; by default, the service has a separate database and accepts the tokens of `tokens.ts`
 */
export async function startTestService(environment: Environment = {}): Promise<TestService> {
  const config = parseConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    BETTER_AUTH_SECRET: SECRET,
    ...environment,
  });
  const log: string[] = [];
  const stream = new PassThrough().on('data', (line: Buffer) => log.push(String(line)));
  const database = await databaseOf(environment);
  const service = await startService({
    config,
    databaseUrl: database.serviceUrl ?? database.url,
    log: pino(logOptions('debug'), stream),
  });
  return {
    url: `http://127.0.0.1:${service.port}`,
    port: service.port,
    databaseUrl: database.url,
    log,
    async stop() {
      await service.close();
      await database.drop();
    },
  };
}

/** A database, whose `serviceUrl` is for the service if its role is not the owner of the tables. */
async function databaseOf({
  DATABASE_URL,
}: Environment): Promise<TestDatabase & { serviceUrl?: string }> {
  if (DATABASE_URL !== undefined) return { url: DATABASE_URL, drop: () => Promise.resolve() };
  const database = await createTestDatabase();
  if (!usesServiceRole) return database;
  const role = await createServiceRole(database.url);
  return {
    url: database.url,
    serviceUrl: role.url,
    async drop() {
      await database.drop();
      await role.drop();
    },
  };
}
