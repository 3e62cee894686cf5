import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp } from '../support/app.ts';
import { type Reply, type RequestOptions, createClient } from '../support/client.ts';
import { createTestDatabase } from '../support/database.ts';
import { expectDocumented } from '../support/documented.ts';
import { makeSigningKey } from '../support/jwks-server.ts';
import { type Operation, operations, pathOf } from '../support/operations.ts';
import { startProxy } from '../support/proxy.ts';
import { type TestService, startTestService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const USER = 'alice';
/** A URL without a server. */
const NOWHERE = 'http://127.0.0.1:1';
const LIMIT_BYTES = 64 * 1024;

let service: TestService;
let broken: Awaited<ReturnType<typeof startApp>>;
let token: string;
/** An existing task. */
let id: string;

beforeAll(async () => {
  service = await startTestService();
  broken = await startApp(() => Promise.reject(new Error('a fault of the test')));
  token = await tokenOf(USER);
});
afterAll(async () => {
  await service.stop();
  await broken.stop();
});

interface Change extends RequestOptions {
  /** Instead of the service's own. */
  readonly url?: string;
  readonly user?: string;
  readonly id?: string;
  readonly query?: string;
}

/** Sends a valid request of an operation with the given changes. */
function send(operation: Operation, change: Change = {}): Promise<Reply> {
  const { url = service.url, user = USER, query = '', id: other = id, ...options } = change;
  return createClient(url, token).request(
    operation.method,
    pathOf(operation, user, other) + query,
    { body: operation.body, ...options },
  );
}

/** How to provoke each status. */
const recipes: Readonly<Record<string, (operation: Operation) => Promise<Reply>>> = {
  200: (operation) => send(operation),
  201: (operation) => send(operation),
  204: (operation) => send(operation),
  304: (operation) => send(operation, { headers: { 'If-None-Match': '*' } }),
  400: (operation) => send(operation, { query: '?limit=%zz' }),
  401: (operation) => send(operation, { token: null }),
  403: (operation) => send(operation, { user: 'bob' }),
  404: (operation) => send(operation, { id: randomUUID() }),
  412: (operation) => send(operation, { headers: { 'If-Match': '"999"' } }),
  413: (operation) => send(operation, { body: ' '.repeat(LIMIT_BYTES + 1) }),
  415: (operation) => send(operation, { headers: { 'Content-Type': 'text/plain' } }),
  422: (operation) => send(operation, { query: '?colour=red' }),
  500: (operation) => send(operation, { url: broken.url }),
};

const cases = operations.flatMap((operation) =>
  Object.keys(operation.replies)
    .filter((status) => status !== '503')
    .map((status) => ({ operation, operationId: operation.operationId, status })),
);

test.each(cases)('$operationId returns $status', async ({ operation, status }) => {
  id = (await createClient(service.url, token).create()).id;
  const reply = await recipes[status]?.(operation);
  if (!reply) throw new Error(`no recipe leads to ${status}`);
  expect(String(reply.status), reply.text).toBe(status);
  expectDocumented(operation, reply);
});

describe('503', () => {
  const expectUnavailable = (operation: Operation, reply: Reply) => {
    expect(reply.status, reply.text).toBe(503);
    expectDocumented(operation, reply);
  };
  const ofDatabase = operations.filter(
    ({ operationId }) => operationId !== 'getCurrentUser' && operationId !== 'getLiveness',
  );

  test('is returned by operations that need the database while it is down', async () => {
    const database = await createTestDatabase();
    const proxy = await startProxy(database.url);
    const away = await startTestService({ DATABASE_URL: proxy.url });
    await proxy.down();
    await Promise.all(
      ofDatabase.map(async (operation) => {
        expectUnavailable(operation, await send(operation, { url: away.url, id: randomUUID() }));
      }),
    );
    await away.stop();
    await database.drop();
  });

  test('is returned while the keys of the token cannot be fetched', async () => {
    const away = await startTestService({ BETTER_AUTH_URL: NOWHERE });
    const key = await makeSigningKey('EdDSA', 'a key that nobody publishes');
    const now = Math.floor(Date.now() / 1000);
    const unknown = await key.sign({
      sub: USER,
      iat: now,
      exp: now + 60,
      iss: NOWHERE,
      aud: NOWHERE,
    });
    for (const operation of operations.filter(({ secured }) => secured)) {
      expectUnavailable(
        operation,
        await send(operation, { url: away.url, id: randomUUID(), token: unknown }),
      );
    }
    await away.stop();
  });

  test('is returned by the health checks while the service is stopping', async () => {
    const stopping = await startTestService({ SHUTDOWN_DELAY: '3' });
    const stopped = stopping.stop();
    await Promise.all(
      operations
        .filter(({ secured }) => !secured)
        .map(async (operation) => {
          expectUnavailable(operation, await send(operation, { url: stopping.url }));
        }),
    );
    await stopped;
  });
});
