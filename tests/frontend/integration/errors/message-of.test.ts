import {
  createTasksClient,
  isTasksError,
  type TasksError,
  type TasksErrorCode,
} from '@tasks-api/client';
import { BASE_ERROR_CODES } from 'better-auth';
import { createAuthClient } from 'better-auth/client';
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { SessionEndedError } from '../../../../frontend/app/lib/api/session-ended-error.ts';
import { messageOf } from '../../../../frontend/app/lib/errors/message-of.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useMock } from '../../../support/mock.ts';
import { useService } from '../../../support/service.ts';
import { tokenOf } from '../../../support/tokens.ts';

const UNEXPECTED = 'Something went wrong';
const contract = parse(readFileSync('openapi/tasks.yaml', 'utf8')) as {
  components: { schemas: { Problem: { properties: { code: { enum: TasksErrorCode[] } } } } };
};
const codes = contract.components.schemas.Problem.properties.code.enum;

/** An error as the client throws it. */
function errorOf(code: string, details: Partial<TasksError> = {}): TasksError {
  const error = { name: 'TasksError', code, errors: [], ...details };
  return Object.assign(new Error('for developers'), error) as unknown as TasksError;
}

describe('errors of the service', () => {
  test.each([...codes, 'network-error', 'timeout', 'unexpected-reply'])(
    '%s has a message',
    (code) => {
      const { title, detail } = messageOf(errorOf(code, { status: 400 }));
      expect(title).toMatch(/^[A-Z][^.]+$/);
      expect(title).not.toBe(UNEXPECTED);
      expect(`${title} ${detail ?? ''}`).not.toMatch(
        /developers|undefined|token|cursor\b|HTTP|-error/,
      );
    },
  );

  test('an unknown code has a message by its status', () => {
    const titleOf = (status: number) => messageOf(errorOf('new-code', { status })).title;
    expect(titleOf(401)).toBe('You are signed out');
    expect(titleOf(429)).toBe('Too many requests');
    expect(titleOf(500)).toBe('Something went wrong on our side');
    expect(titleOf(502)).toBe('The service is temporarily unavailable');
    expect(titleOf(409)).toBe('This page may be out of date');
  });

  test('an internal error of the service has the request ID', () => {
    const { detail } = messageOf(errorOf('internal-error', { requestId: 'req-1' }));
    expect(detail).toContain('req-1');
    expect(messageOf(errorOf('internal-error')).detail).not.toMatch(/request/);
  });

  test('a network error has another message if the browser is offline', () => {
    vi.stubGlobal('navigator', { onLine: false });
    expect(messageOf(errorOf('network-error')).title).toBe('You are offline');
    vi.stubGlobal('navigator', { onLine: true });
    expect(messageOf(errorOf('network-error')).title).toBe('The service cannot be reached');
    vi.unstubAllGlobals();
  });
});

describe('real responses', () => {
  const service = useService();
  const mock = useMock();
  const server = useFaultyServer(() => service.url);

  const clientOf = (baseUrl: string) =>
    createTasksClient({ baseUrl, token: () => tokenOf('alice'), retries: 0 });
  const messageFor = (call: Promise<unknown>) => call.then(() => undefined, messageOf);

  const EMPTY = 'The title cannot be empty.';
  test.each([
    { invalid: 'an empty title', body: { title: '' }, fields: { title: EMPTY } },
    { invalid: 'a blank title', body: { title: ' \n' }, fields: { title: EMPTY } },
    {
      invalid: 'both fields too long',
      body: { title: 'x'.repeat(201), description: 'x'.repeat(1001) },
      fields: {
        title: 'The title can be up to 200 characters.',
        description: 'The details can be up to 1000 characters.',
      },
    },
  ])('the message for $invalid names the fields of the form', async ({ body, fields }) => {
    const message = await messageFor(clientOf(service.url).createTask({ body }));
    expect(message).toEqual({
      title: 'The task cannot be saved',
      detail: Object.values(fields).join(' '),
      fields,
    });
  });

  test('an invalid parameter that is not in a form has the message that the page is out of date', async () => {
    const message = await messageFor(clientOf(service.url).listTasks({ query: { limit: 0 } }));
    expect(message).toMatchObject({ action: 'reload' });
  });

  test('of the mock server and of a proxy have messages', async () => {
    const client = clientOf(mock.url);
    client.http.setConfig({ headers: { Prefer: 'code=404', Accept: '*/*' } });
    expect(
      await messageFor(client.getTask({ path: { id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21' } })),
    ).toMatchObject({
      title: 'This task no longer exists',
    });
    server.faults.push({ status: 502, body: '<p>Bad gateway</p>' }, 'lose the request');
    const message = () => messageFor(clientOf(server.url).listTasks());
    expect(await message()).toMatchObject({ title: 'The service is temporarily unavailable' });
    expect(await message()).toMatchObject({ title: 'The service cannot be reached' });
  });

  test('the end of the session is recognised as the cause of another error', async () => {
    const fetch = () => Promise.reject(new SessionEndedError());
    const client = createTasksClient({ baseUrl: service.url, token: () => '', fetch, retries: 0 });
    const error = await client.listTasks().catch((caught: unknown) => caught);
    expect(isTasksError(error)).toBe(true);
    expect(messageOf(error)).toMatchObject({ title: 'You are signed out', action: 'sign-in' });
  });
});

describe('errors of Better Auth', () => {
  const own = ['INVALID_NAME', 'PASSWORD_TOO_COMMON', 'PASSWORD_IS_PERSONAL', 'PASSWORD_REQUIRED'];

  test.each([...Object.keys(BASE_ERROR_CODES), ...own])('%s has a message', (code) => {
    const shown = messageOf({ status: 400, code, message: 'for developers' });
    expect(shown.title).toMatch(/^[A-Z][^.]+$/);
    expect(shown.title).not.toBe(UNEXPECTED);
    expect(JSON.stringify(shown)).not.toContain('developers');
  });

  test.each([
    ['USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL', 'email'],
    ['PASSWORD_TOO_SHORT', 'password'],
    ['PASSWORD_TOO_COMMON', 'password'],
    ['INVALID_PASSWORD', 'currentPassword'],
    ['INVALID_NAME', 'name'],
  ])('%s is about the field %s', (code, field) => {
    expect(Object.keys(messageOf({ status: 400, code }).fields ?? {})).toEqual([field]);
    expect(BASE_ERROR_CODES.PASSWORD_TOO_SHORT.code).toBe('PASSWORD_TOO_SHORT');
  });

  test('have the same message if the client returns or throws them', async () => {
    const body = JSON.stringify({ code: 'INVALID_EMAIL_OR_PASSWORD', message: 'Invalid' });
    const headers = { 'Content-Type': 'application/json' };
    const customFetchImpl = () => Promise.resolve(new Response(body, { status: 401, headers }));
    const client = createAuthClient({
      baseURL: 'http://localhost',
      fetchOptions: { customFetchImpl },
    });
    const input = { email: 'alice@example.com', password: 'wrong' };
    const { error } = await client.signIn.email(input);
    const thrown: unknown = await client.signIn
      .email(input, { throw: true })
      .catch((caught: unknown) => caught);
    expect(thrown).toBeInstanceOf(Error);
    for (const each of [error, thrown]) {
      expect(messageOf(each).title).toBe('Incorrect email or password');
    }
  });

  test('without a code have a message by their status', () => {
    expect(messageOf({ status: 429, statusText: 'Too Many Requests' }).title).toBe(
      'Too many attempts',
    );
    expect(messageOf({ status: 401 }).action).toBe('sign-in');
    expect(messageOf({ status: 503 }).title).toBe('Something went wrong on our side');
  });
});

test.each([
  [new TypeError('Failed to fetch'), 'The service cannot be reached'],
  [new DOMException('late', 'TimeoutError'), 'The service cannot be reached'],
  // A new build has new chunks, which an open page does not know.
  [chunkLoadError(), 'This page may be out of date'],
  [new Error('anything'), UNEXPECTED],
  ['text', UNEXPECTED],
  [undefined, UNEXPECTED],
  [null, UNEXPECTED],
])('the message for %s is: %s', (error, title) => {
  expect(messageOf(error).title).toBe(title);
});

test('a chunk that cannot be loaded offline has the message for being offline', () => {
  vi.stubGlobal('navigator', { onLine: false });
  expect(messageOf(chunkLoadError()).title).toBe('You are offline');
});

function chunkLoadError(): Error {
  return Object.assign(new Error('no chunk'), { name: 'ChunkLoadError' });
}
