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
import { SessionOverError } from '../../../../frontend/app/lib/api/session-over.ts';
import { messageOf } from '../../../../frontend/app/lib/errors/messages.ts';
import { useFaultyServer } from '../../../support/faulty-server.ts';
import { useMock } from '../../../support/mock.ts';
import { useService } from '../../../support/service.ts';
import { tokenOf } from '../../../support/tokens.ts';

const UNEXPECTED = 'Something went wrong';
const contract = parse(readFileSync('openapi/tasks.yaml', 'utf8')) as {
  components: { schemas: { Problem: { properties: { code: { enum: TasksErrorCode[] } } } } };
};
const codes = contract.components.schemas.Problem.properties.code.enum;

/** An error of the client, without a service that has it. */
function errorOf(code: string, details: Partial<TasksError> = {}): TasksError {
  const error = { name: 'TasksError', code, errors: [], ...details };
  return Object.assign(new Error('for programmers'), error) as unknown as TasksError;
}

describe('errors of the service', () => {
  test.each([...codes, 'network-error', 'timeout', 'unexpected-reply'])('%s has words', (code) => {
    const { title, detail } = messageOf(errorOf(code, { status: 400 }));
    expect(title).toMatch(/^[A-Z][^.]+$/);
    expect(title).not.toBe(UNEXPECTED);
    expect(`${title} ${detail ?? ''}`).not.toMatch(
      /programmers|undefined|token|cursor\b|HTTP|-error/,
    );
  });

  test('a code of a newer service goes by its status', () => {
    const titleOf = (status: number) => messageOf(errorOf('new-code', { status })).title;
    expect(titleOf(401)).toBe('You are signed out');
    expect(titleOf(429)).toBe('That was too much at once');
    expect(titleOf(500)).toBe('Something went wrong on our side');
    expect(titleOf(502)).toBe('The service cannot answer at the moment');
    expect(titleOf(409)).toBe('This page and the service do not understand each other');
  });

  test('a fault of the service names the request that finds it', () => {
    const { detail } = messageOf(errorOf('internal-error', { requestId: 'req-1' }));
    expect(detail).toContain('req-1');
    expect(messageOf(errorOf('internal-error')).detail).not.toMatch(/request/);
  });

  test('the browser that is offline is told apart', () => {
    vi.stubGlobal('navigator', { onLine: false });
    expect(messageOf(errorOf('network-error')).title).toBe('You are offline');
    vi.stubGlobal('navigator', { onLine: true });
    expect(messageOf(errorOf('network-error')).title).toBe('The service cannot be reached');
    vi.unstubAllGlobals();
  });
});

describe('real replies', () => {
  const service = useService();
  const mock = useMock();
  const server = useFaultyServer(() => service.url);

  const clientOf = (baseUrl: string) =>
    createTasksClient({ baseUrl, token: () => tokenOf('alice'), retries: 0 });
  const wordsOf = (call: Promise<unknown>) => call.then(() => undefined, messageOf);

  const EMPTY = 'The title cannot be empty.';
  test.each([
    { wrong: 'no title', body: { title: '' }, fields: { title: EMPTY } },
    { wrong: 'a blank title', body: { title: ' \n' }, fields: { title: EMPTY } },
    {
      wrong: 'too much of both',
      body: { title: 'x'.repeat(201), description: 'x'.repeat(1001) },
      fields: {
        title: 'The title can have 200 characters at most.',
        description: 'The details can have 1000 characters at most.',
      },
    },
  ])('$wrong is told in the words of the form', async ({ body, fields }) => {
    const words = await wordsOf(clientOf(service.url).createTask({ body }));
    expect(words).toEqual({
      title: 'This cannot be saved as it is',
      detail: Object.values(fields).join(' '),
      fields,
    });
  });

  test('a field that no form has is a fault of the page', async () => {
    const words = await wordsOf(clientOf(service.url).listTasks({ query: { limit: 0 } }));
    expect(words).toMatchObject({ action: 'reload' });
  });

  test('of the mock server and of somebody on the way', async () => {
    const client = clientOf(mock.url);
    client.http.setConfig({ headers: { Prefer: 'code=404', Accept: '*/*' } });
    expect(
      await wordsOf(client.getTask({ path: { id: '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21' } })),
    ).toMatchObject({
      title: 'This task does not exist any more',
    });
    server.faults.push({ status: 502, body: '<p>Bad gateway</p>' }, 'lose the request');
    const words = () => wordsOf(clientOf(server.url).listTasks());
    expect(await words()).toMatchObject({ title: 'The service cannot answer at the moment' });
    expect(await words()).toMatchObject({ title: 'The service cannot be reached' });
  });

  test('an end of the session that something has wrapped is known', async () => {
    const fetch = () => Promise.reject(new SessionOverError());
    const client = createTasksClient({ baseUrl: service.url, token: () => '', fetch, retries: 0 });
    const error = await client.listTasks().catch((caught: unknown) => caught);
    expect(isTasksError(error)).toBe(true);
    expect(messageOf(error)).toMatchObject({ title: 'You are signed out', action: 'sign-in' });
  });
});

describe('errors of Better Auth', () => {
  const own = ['INVALID_NAME', 'PASSWORD_TOO_COMMON', 'PASSWORD_IS_PERSONAL', 'PASSWORD_REQUIRED'];

  test.each([...Object.keys(BASE_ERROR_CODES), ...own])('%s has words', (code) => {
    const words = messageOf({ status: 400, code, message: 'for programmers' });
    expect(words.title).toMatch(/^[A-Z][^.]+$/);
    expect(words.title).not.toBe(UNEXPECTED);
    expect(JSON.stringify(words)).not.toContain('programmers');
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

  test('is the same when its client gives it and when it throws it', async () => {
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
      expect(messageOf(each).title).toBe('Email or password is wrong');
    }
  });

  test('without a code goes by its status', () => {
    expect(messageOf({ status: 429, statusText: 'Too Many Requests' }).title).toBe(
      'Too many tries',
    );
    expect(messageOf({ status: 401 }).action).toBe('sign-in');
    expect(messageOf({ status: 503 }).title).toBe('Something went wrong on our side');
  });
});

test.each([
  [new TypeError('Failed to fetch'), 'The service cannot be reached'],
  [new DOMException('late', 'TimeoutError'), 'The service cannot be reached'],
  // A newer build has other code, which a page that is open does not know.
  [missingCode(), 'This page and the service do not understand each other'],
  [new Error('anything'), UNEXPECTED],
  ['text', UNEXPECTED],
  [undefined, UNEXPECTED],
  [null, UNEXPECTED],
])('%s is told as what it is', (error, title) => {
  expect(messageOf(error).title).toBe(title);
});

test('code that cannot be fetched without a line is told as that', () => {
  vi.stubGlobal('navigator', { onLine: false });
  expect(messageOf(missingCode()).title).toBe('You are offline');
});

function missingCode(): Error {
  return Object.assign(new Error('no code'), { name: 'ChunkLoadError' });
}
