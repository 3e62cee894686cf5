import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTasksClient,
  isTasksError,
  type Task,
  type TasksClient,
  type TasksError,
  type TasksErrorCode,
  type Versioned,
} from '@tasks-api/client';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { type FaultyServer, useFaultyServer } from '../support/faulty-server.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { administer } from '../support/server.ts';
import { startTestService, type TestService, useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const service = useService();
const limited = useService({ RATE_LIMIT: '1' });
const faulty = useFaultyServer(() => service.url);
/** Only for `hang`: the request of a call that has timed out can arrive later, and would take the fault of the next call. */
const silent = useFaultyServer(() => service.url);
let database: TestDatabase;
let proxy: Proxy;
let away: TestService;
let broken: TestService;
let token: string;
let tasks: TasksClient;
let task: Versioned<Task>;

beforeAll(async () => {
  token = await tokenOf('alice');
  database = await createTestDatabase();
  proxy = await startProxy(database.url);
  away = await startTestService({ DATABASE_URL: proxy.url });
  await proxy.down();
  broken = await startTestService();
  await administer(broken.databaseUrl, 'alter table tasks rename to elsewhere');
  tasks = clientOf(service.url);
  task = await tasks.createTask({ body: { title: 'Buy milk' } });
});
afterAll(async () => {
  await Promise.all([away.stop(), broken.stop()]);
  await database.drop();
});

function clientOf(baseUrl: string, ownToken: string | Promise<string> = token): TasksClient {
  return createTasksClient({ baseUrl, token: () => ownToken, retries: 0 });
}

/** A client whose first request meets this fault. */
function clientWithFault(fault: FaultyServer['faults'][number]): TasksClient {
  faulty.faults.push(fault);
  return clientOf(faulty.url);
}

/** A client whose next request has no response. */
function clientWithoutResponse(): TasksClient {
  silent.faults.push('hang');
  return clientOf(silent.url);
}

/** Options for requests that no method of the client sends. */
const raw = { url: '/api/tasks', security: [{ scheme: 'bearer', type: 'http' }] } as const;

/** For each code, a call that fails with it. */
const failures: Record<TasksErrorCode, () => Promise<unknown>> = {
  'malformed-request': () => tasks.http.post({ ...raw, body: '{', bodySerializer: null }),
  'not-authenticated': () => clientOf(service.url, '').listTasks(),
  'invalid-token': () => clientOf(service.url, forgedTokenOf('alice')).listTasks(),
  'token-expired': () => clientOf(service.url, expiredTokenOf('alice')).listTasks(),
  'access-forbidden': () => tasks.listUserTasks({ path: { user_id: 'bob' } }),
  'not-found': () => tasks.getTask({ path: { id: '019aa3c5-6d0e-7c3b-8f3a-000000000000' } }),
  'method-not-allowed': () => tasks.http.delete(raw),
  'precondition-failed': () =>
    tasks.patchTask({ path: { id: task.id }, body: { title: 'x' }, ifMatch: '"999"' }),
  'body-too-large': () => tasks.createTask({ body: { title: 'x'.repeat(70_000) } }),
  'unsupported-media-type': () =>
    tasks.http.post({ ...raw, body: {}, headers: { 'Content-Type': 'text/plain' } }),
  'validation-error': () => tasks.createTask({ body: { title: '' } }),
  'idempotency-key-reused': async () => {
    await tasks.createTask({ body: { title: 'one' }, idempotencyKey: 'key' });
    await tasks.createTask({ body: { title: 'another' }, idempotencyKey: 'key' });
  },
  'invalid-cursor': () => tasks.listTasks({ query: { cursor: 'nonsense' } }),
  'rate-limited': async () => {
    await clientOf(limited.url).listTasks();
    await clientOf(limited.url).listTasks();
  },
  'internal-error': () => clientOf(broken.url).listTasks(),
  unavailable: () => clientOf(away.url).listTasks(),
  'network-error': () => clientWithFault('lose the request').listTasks(),
  timeout: () => clientWithoutResponse().listTasks({ timeout: 1_000 }),
  'unexpected-reply': () =>
    clientWithFault({ status: 502, body: '<h1>Bad gateway</h1>' }).listTasks(),
};

async function errorOf(call: Promise<unknown>): Promise<TasksError> {
  const error: unknown = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!isTasksError(error)) throw new Error('not a TasksError', { cause: error });
  return error;
}

test.each(Object.entries(failures))('%s', async (code, call) => {
  const error = await errorOf(call());
  expect(error.code).toBe(code);
  expect(error.name).toBe('TasksError');
  expect(error.message).not.toBe('');
  const isFromService = error.requestId !== undefined;
  expect(isFromService).toBe(!/^(network-error|timeout|unexpected-reply)$/.test(code));
  if (isFromService) expect(error.status).toBeGreaterThanOrEqual(400);
  else expect(error.status).toBe(code === 'unexpected-reply' ? 502 : undefined);
});

describe('a TasksError', () => {
  test('has the invalid fields', async () => {
    const error = await errorOf(tasks.createTask({ body: { title: '' } }));
    expect(error).toMatchObject({ status: 422, errors: [{ in: 'body', name: 'title' }] });
    expect(error.message).toContain('title');
  });

  test('has the number of seconds to wait', async () => {
    expect(await errorOf(clientOf(away.url).listTasks())).toMatchObject({ retryAfter: 5 });
  });

  test('has the timeout in its message', async () => {
    const error = await errorOf(clientWithoutResponse().listTasks({ timeout: 100 }));
    expect(error.message).toBe('No response within 100 ms');
  });

  test.each([
    ['an error that is not a problem document', 403, '{"message": "Forbidden"}'],
    [
      'a problem document of another service',
      429,
      '{"code": "rate_limited", "detail": "Too fast"}',
    ],
    [
      'a problem document of another service with a code of the contract',
      404,
      '{"type": "about:blank", "code": "not-found", "detail": "No such route"}',
    ],
    ['a successful response that is not JSON', 200, '<h1>Welcome to the hotel</h1>'],
    ['a successful response without a body', 200, ''],
    ['a successful response that is null', 200, 'null'],
    ['a successful response that is an empty object', 200, '{}'],
    ['a 304 without If-None-Match', 304, ''],
  ])('is unexpected-reply for %s', async (_name, status, body) => {
    const error = await errorOf(clientWithFault({ status, body }).listTasks());
    expect(error).toMatchObject({ code: 'unexpected-reply', status });
  });

  test('has no status after a redirect, which browsers hide', async () => {
    const hidden = Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' });
    const fetch = () => Promise.resolve(hidden);
    const client = createTasksClient({ baseUrl: service.url, token: () => token, fetch });
    expect(await errorOf(client.listTasks())).toMatchObject({
      code: 'unexpected-reply',
      status: undefined,
      message: 'Redirected to another URL, which the client does not follow; correct `baseUrl`',
    });
  });

  test('has its name in the stack trace', async () => {
    const error = await errorOf(tasks.createTask({ body: { title: '' } }));
    expect(error.stack).toMatch(/^TasksError: /);
    expect(inspect(error)).toMatch(/^TasksError: /);
  });
});

test('an error thrown by token is passed through unchanged', async () => {
  const over = new Error('the session is over');
  const client = createTasksClient({
    baseUrl: service.url,
    token: () => Promise.reject(over),
  });
  await expect(client.listTasks()).rejects.toBe(over);
});

test('a switch over the code can be exhaustive', async () => {
  const error = await errorOf(tasks.createTask({ body: { title: '' } }));
  expect(recoveryFrom(error)).toBe('title');
});

/** Compiles only if no code is missing. */
function recoveryFrom(error: TasksError): string | undefined {
  switch (error.code) {
    case 'validation-error':
      return error.errors[0]?.name;
    case 'not-authenticated':
    case 'invalid-token':
    case 'token-expired':
      return 'sign in';
    case 'precondition-failed':
      return 'read again';
    case 'rate-limited':
    case 'unavailable':
    case 'network-error':
    case 'timeout':
      return `try again after ${error.retryAfter ?? 1} s`;
    case 'malformed-request':
    case 'access-forbidden':
    case 'not-found':
    case 'method-not-allowed':
    case 'body-too-large':
    case 'unsupported-media-type':
    case 'idempotency-key-reused':
    case 'invalid-cursor':
    case 'internal-error':
    case 'unexpected-reply':
      return undefined;
  }
}
