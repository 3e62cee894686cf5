import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { useApp } from '../support/app.ts';
import { createClient, type Client, type Problem, type ApiResponse } from '../support/client.ts';
import {
  type Call,
  exampleCall,
  nextCursorOf,
  examplesOf,
  expectExample,
  send,
} from '../support/example-calls.ts';
import { createTestDatabase } from '../support/database.ts';
import { exampleTasks, seedExample } from '../support/example.ts';
import { bound } from '../fuzz/valid-values.ts';
import { makeSigningKey } from '../support/jwks-server.ts';
import { type Operation, operationOf, operations } from '../support/operations.ts';
import { startProxy } from '../support/proxy.ts';
import { startTestService, useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

/** A URL where no server listens. */
const NOWHERE = 'http://127.0.0.1:1';

const service = useService();
let client: Client;
/** A service in which every operation fails. */
const broken = useApp(() => Promise.reject(new Error('a fault of the test')));
/** A service that cannot fetch its JWKS. */
const withoutJwks = useService({ BETTER_AUTH_URL: NOWHERE });
/** A service that allows each user one request per minute. */
const limited = useService({ RATE_LIMIT: '1' });
let unknownToken: string;

beforeAll(async () => {
  await seedExample(service, exampleTasks);
  client = createClient(service.url);
  const key = await makeSigningKey('EdDSA', 'a key that is not published');
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: 'alice', iat: now, exp: now + 3600, iss: NOWHERE, aud: NOWHERE };
  unknownToken = await key.sign(claims);
});

type Recipe = (call: Call, operation: Operation) => Promise<ApiResponse>;

/** Sends the example request with a change. */
const changed =
  (change: (call: Call, operation: Operation) => Partial<Call> | Promise<Partial<Call>>) =>
  async (call: Call, operation: Operation) =>
    send(client, operation, { ...call, ...(await change(call, operation)) });

const red = { colour: 'red' };
/** A change that violates the rules in the examples of `validation-error`. */
function invalid({ path, method, requestBody, parameters }: Operation): Partial<Call> {
  if (path.endsWith('/complete')) return { body: { completed: 'yes' } };
  if (requestBody) return { body: method === 'POST' ? red : { title: ' ', ...red } };
  const limit = parameters.find(({ name }) => name === 'limit');
  if (limit) return { query: { limit: String(bound(limit.schema, 'maximum') + 1) } };
  return { query: red };
}

/** A request that fails with each error. */
const recipes: Readonly<Record<Exclude<Problem['code'], 'method-not-allowed'>, Recipe>> = {
  'malformed-request': changed((_call, { requestBody }) =>
    requestBody ? { body: '{"title": "Buy milk' } : { query: 'colour=%' },
  ),
  'not-authenticated': changed(() => ({ token: null })),
  'invalid-token': changed(async () => ({ token: await forgedTokenOf('alice') })),
  'token-expired': changed(async () => ({ token: await expiredTokenOf('alice') })),
  'access-forbidden': changed(async () => ({ token: await tokenOf('another user') })),
  'not-found': changed(({ path }) => ({ path: { ...path, id: randomUUID() } })),
  'precondition-failed': changed(() => ({ headers: { 'If-Match': '"2"' } })),
  'body-too-large': changed(() => ({ body: ' '.repeat(64 * 1024 + 1) })),
  'unsupported-media-type': changed(() => ({
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: 'title=Buy+milk',
  })),
  'validation-error': changed(({ path }, operation) =>
    'id' in path && !operation.requestBody ? { path: { ...path, id: '1' } } : invalid(operation),
  ),
  'idempotency-key-reused': async (call, operation) => {
    await send(client, operation, { ...call, body: { title: 'Another task' } });
    return send(client, operation, call);
  },
  'invalid-cursor': changed(async (_call, operation) => {
    const { query } = await exampleCall(operation);
    const cursor = nextCursorOf(operationOf('listTasks'));
    if (operation.operationId === 'exportCurrentUser') return { query: { ...query, cursor } };
    return { query: { ...query, cursor, order: 'desc' } };
  }),
  'rate-limited': async (call, operation) => {
    await createClient(limited.url).get('/api/me', { token: call.token });
    return send(createClient(limited.url), operation, call);
  },
  'internal-error': (call, operation) =>
    send(createClient(broken.url), operation, {
      ...call,
      // The caller of this service is always alice.
      path: { ...call.path, user_id: 'alice' },
    }),
  unavailable: (call, operation) => {
    if (operation.path === '/livez') return whileStopping(call, operation);
    if (operation.path === '/readyz') return withoutDatabase(call, operation);
    return send(createClient(withoutJwks.url), operation, { ...call, token: unknownToken });
  },
};

const whileStopping: Recipe = async (call, operation) => {
  const stopping = await startTestService({ SHUTDOWN_DELAY: '1' });
  const stopped = stopping.stop();
  const response = await send(createClient(stopping.url), operation, call);
  await stopped;
  return response;
};

const withoutDatabase: Recipe = async (call, operation) => {
  const database = await createTestDatabase();
  const proxy = await startProxy(database.url);
  const offline = await startTestService({ DATABASE_URL: proxy.url });
  await proxy.down();
  const response = await send(createClient(offline.url), operation, call);
  await offline.stop();
  await database.drop();
  return response;
};

const cases = operations.flatMap((operation) =>
  examplesOf(operation, (status) => status >= 400).map(({ status, value }) => ({
    operationId: operation.operationId,
    operation,
    status,
    problem: value as Problem,
  })),
);

test.each(cases)(
  '$operationId returns the example of $status $problem.code',
  async ({ operation, status, problem }) => {
    const call = { ...(await exampleCall(operation, ['cursor'])), body: operation.body };
    const recipe = recipes[problem.code as keyof typeof recipes];
    const response = await recipe(call, operation);
    expectExample(operation, response, status, problem, ['request_id']);
  },
);

test('every code has an example, except the one that no operation returns', () => {
  const shown = new Set(cases.map(({ problem }) => problem.code));
  expect([...shown].toSorted()).toEqual(Object.keys(recipes).toSorted());
});
