import express from 'express';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { UserId } from '../../../src/auth/caller.ts';
import type { OperationId } from '../../../src/contract.ts';
import { createBackend } from '../../../src/http/backend.ts';
import { dispatch } from '../../../src/http/dispatch.ts';
import { Problem } from '../../../src/errors/problem.ts';
import { type HttpServer, listen } from '../../../src/http/server.ts';
import { handlers } from '../../../src/operations/index.ts';

const operationIds = Object.keys(handlers) as OperationId[];
const caller = { id: 'alice' as UserId, email: null, name: null };

const handler = vi.fn();
const spies = Object.fromEntries(operationIds.map((id) => [id, handler]));
const backend = await createBackend();
/** The match that the validator would set. */
let match:
  { schema: { operationId: string; parameters?: object[] }; pathParams: object } | undefined;
let calling: typeof caller | undefined;
let server: HttpServer;

beforeAll(async () => {
  const app = express();
  app.use((request, _response, next) => {
    Object.assign(request, { openapi: match });
    if (calling) request.caller = calling;
    next();
  });
  app.use(dispatch(backend, spies));
  app.use(((error: unknown, _request, response, _next) => {
    response.status(500).send(error instanceof Problem ? error.code : String(error));
  }) satisfies express.ErrorRequestHandler);
  server = await listen(app, '127.0.0.1', 0, pino({ level: 'silent' }));
});
afterAll(() => server.close(0));
beforeEach(() => {
  handler.mockReset();
  calling = caller;
});

const request = (path = '/', headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${server.port}${path}`, { headers });

test.each(operationIds)(
  '%s: sends the sample response of the contract unchanged',
  async (operationId) => {
    const sample: { status: number; mock: unknown } = backend.mockResponseForOperation(operationId);
    const { status, mock } = sample;
    match = { schema: { operationId }, pathParams: {} };
    const headers = { 'X-Some': 'header' };
    handler.mockResolvedValue({ status, headers, ...(status !== 204 && { body: mock }) });
    const response = await request();
    expect(response.status).toBe(status);
    expect(response.headers.get('x-some')).toBe('header');
    const text = await response.text();
    expect(text).toBe(status === 204 ? '' : JSON.stringify(mock));
  },
);

test('the handler gets the parameters of the contract, in its spelling', async () => {
  const parameters = [{ in: 'query', name: 'x' }];
  match = {
    schema: { operationId: 'updateUserTask', parameters },
    pathParams: { user_id: 'a b', id: '1' },
  };
  handler.mockResolvedValue({ status: 304, headers: {} });
  await request('/api/a%20b/tasks/1?x=1', { 'if-match': '"1"', 'x-other': 'y' });
  expect(handler).toHaveBeenCalledExactlyOnceWith(
    {
      path: '/api/a%20b/tasks/1',
      params: { user_id: 'a b', id: '1' },
      query: { x: '1' },
      headers: { 'If-Match': '"1"' },
      body: undefined,
    },
    caller,
  );
});

test('the caller is null for an operation without authentication', async () => {
  match = { schema: { operationId: 'getLiveness' }, pathParams: {} };
  calling = undefined;
  handler.mockResolvedValue({ status: 200, headers: {}, body: {} });
  await request();
  expect(handler).toHaveBeenCalledExactlyOnceWith(expect.anything(), null);
});

test('a request without a matching operation is not found', async () => {
  match = undefined;
  expect(await (await request()).text()).toBe('not-found');
  expect(handler).not.toHaveBeenCalled();
});

test('a status that has a body in the contract is not sent without one', async () => {
  match = { schema: { operationId: 'getTask' }, pathParams: {} };
  handler.mockResolvedValue({ status: 200, headers: {} });
  expect(await (await request()).text()).toContain('getTask returned 200 without a body');
});
