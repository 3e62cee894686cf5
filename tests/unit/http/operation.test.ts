import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi, type Mock } from 'vitest';
import type { UserId } from '../../../src/auth/caller.ts';
import { Problem } from '../../../src/errors/problem.ts';
import { createCommonHeaders, setCommonHeaders } from '../../../src/http/common-headers.ts';
import { setPublicPrefix } from '../../../src/http/public-prefix.ts';
import { runOperations, type Operation } from '../../../src/http/operation.ts';
import { requestId } from '../../../src/http/request-id.ts';
import { type HttpServer, listen } from '../../../src/server/listen.ts';

const caller = { id: 'alice' as UserId, email: null, name: null, issuedAt: 0 };

const steps: string[] = [];
const operation = {
  id: 'updateUserTask',
  method: 'PATCH',
  path: '/api/{user_id}/tasks/{id}',
  mediaTypes: new Set(['application/json']),
  headerNames: [['If-Match', 'if-match'] as const],
  statuses: new Set([200]),
  authenticate: vi.fn<Operation['authenticate']>(),
  validateRequest: vi.fn<Operation['validateRequest']>(),
  handler: vi.fn<Operation['handler']>(),
  validateResponse: vi.fn<Operation['validateResponse']>(),
  divideResponse: vi.fn<Operation['divideResponse']>(),
} satisfies Operation;
let server: HttpServer;

beforeAll(async () => {
  const app = express();
  app.use(requestId, setCommonHeaders(createCommonHeaders([])), setPublicPrefix(undefined));
  app.use(runOperations([operation], {}));
  app.use(((error: unknown, _request, response, _next) => {
    response.status(500).send(error instanceof Problem ? error.code : String(error));
  }) satisfies express.ErrorRequestHandler);
  server = await listen(app, { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }) });
});
afterAll(() => server.close(0));
beforeEach(() => {
  steps.length = 0;
  operation.authenticate.mockImplementation(() => {
    steps.push('authenticate');
    return Promise.resolve(caller);
  });
  operation.validateRequest.mockImplementation(() => {
    steps.push('validateRequest');
  });
  operation.handler.mockReset().mockImplementation(() => {
    steps.push('handler');
    return Promise.resolve({ status: 200, headers: { 'X-Some': 'header' }, body: { a: 1 } });
  });
  operation.validateResponse.mockImplementation(() => {
    steps.push('validateResponse');
  });
});

const send = (path = '/api/a%20b/tasks/1?x=1&y=', method = 'PATCH') =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: {
      'if-match': '"1"',
      'x-other': 'y',
      'content-type': 'Application/JSON;charset=utf-8',
    },
    ...(method === 'PATCH' && { body: '{"b":2}' }),
  });

test('a request runs the steps in their order, and the response is sent', async () => {
  const response = await send();
  expect(response.status).toBe(200);
  expect(response.headers.get('x-some')).toBe('header');
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.text()).toBe('{"a":1}');
  expect(steps).toEqual(['authenticate', 'validateRequest', 'handler', 'validateResponse']);
});

test('the handler gets the parts of the request, with the headers of the contract in its spelling', async () => {
  await send();
  expect(operation.handler).toHaveBeenCalledExactlyOnceWith(
    {
      path: '/api/a%20b/tasks/1',
      params: { user_id: 'a b', id: '1' },
      query: { x: '1', y: '' },
      headers: { 'If-Match': '"1"' },
      body: { b: 2 },
    },
    caller,
  );
});

test('the handler gets what validation has converted', async () => {
  operation.validateRequest.mockImplementation(({ query }) => {
    Object.assign(query, { x: 1, limit: 20 });
  });
  await send();
  expect(operation.handler.mock.calls[0]?.[0].query).toEqual({ x: 1, y: '', limit: 20 });
});

test.each([
  ['authenticate', []],
  ['validateRequest', ['authenticate']],
  ['handler', ['authenticate', 'validateRequest']],
] as const)('a request that %s rejects goes no further', async (step, before) => {
  const spy = operation[step] as Mock;
  spy.mockImplementation(() => {
    throw new Error('rejected here');
  });
  expect(await (await send()).text()).toBe('Error: rejected here');
  expect(steps).toEqual(before);
});

test('a response that violates the contract is not sent', async () => {
  operation.validateResponse.mockImplementation(() => {
    throw new Error('not as documented');
  });
  expect(await (await send()).text()).toBe('Error: not as documented');
});

test('a path that the contract does not have is passed on', async () => {
  expect((await send('/api/a/tasks/1/')).status).toBe(404);
  expect(steps).toEqual([]);
});

test('a method that the path does not support is rejected', async () => {
  expect(await (await send('/api/a/tasks/1', 'GET')).text()).toBe('method-not-allowed');
  expect(steps).toEqual([]);
});
