import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { parseConfig } from '../../src/config.ts';
import { startService } from '../../src/service.ts';
import { logOptions } from '../../src/telemetry/log.ts';
import { createTestDatabase } from './database.ts';
import { SECRET } from './tokens.ts';

export interface TestService {
  /** Such as `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** The lines that the service has logged, as JSON. */
  readonly log: string[];
  stop(): Promise<void>;
}

/** Starts the service on a database of its own, with the shared secret of `tokens.ts` unless the environment says else. */
export async function startTestService(
  environment: Record<string, string> = {},
): Promise<TestService> {
  const config = parseConfig({
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    PORT: '0',
    BETTER_AUTH_SECRET: SECRET,
    ...environment,
  });
  const log: string[] = [];
  const stream = new PassThrough().on('data', (line: Buffer) => log.push(String(line)));
  const database = await createTestDatabase();
  const service = await startService({
    config,
    databaseUrl: environment['DATABASE_URL'] ?? database.url,
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
