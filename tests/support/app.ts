import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { createApp } from '../../src/app.ts';
import type { UserId } from '../../src/auth/caller.ts';
import type { OperationId } from '../../src/contract.ts';
import type { Handlers } from '../../src/operations/handler.ts';
import { listen } from '../../src/server/listen.ts';
import { handlers } from '../../src/operations/index.ts';
import type { Services } from '../../src/operations/services.ts';
import { logOptions } from '../../src/telemetry/log.ts';
import { useServer } from './use-server.ts';

/** The HTTP pipeline for the tests of a file: the caller is always alice, and all operations have the same handler. */
export const useApp = (handler: () => Promise<unknown>) => useServer(() => startApp(handler));

async function startApp(handler: () => Promise<unknown>) {
  const log: string[] = [];
  const stream = new PassThrough().on('data', (line: Buffer) => log.push(String(line)));
  const operationIds = Object.keys(handlers) as OperationId[];
  const { app } = createApp({
    handlers: Object.fromEntries(operationIds.map((id) => [id, handler])) as unknown as Handlers,
    services: {} as Services,
    authenticator: {
      authenticate: () =>
        Promise.resolve({ id: 'alice' as UserId, email: null, name: null, issuedAt: 0 }),
      userOf: () => undefined,
    },
    rateLimits: {},
    corsOrigins: [],
    trustedProxies: [],
    log: pino(logOptions('info'), stream),
  });
  const server = await listen(app, {
    host: '127.0.0.1',
    port: 0,
    log: pino({ level: 'silent' }),
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    /** The logged lines, as JSON. */
    log,
    stop: () => server.close(0),
  };
}
