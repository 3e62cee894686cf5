import { beforeAll, describe, expect, test } from 'vitest';
import { createBackend } from '../../src/http/backend.ts';
import { Problem } from '../../src/errors/problem.ts';
import { useApp } from '../support/app.ts';
import { createClient, type Client, type Problem as ProblemBody } from '../support/client.ts';
import { operations, pathOf } from '../support/operations.ts';

const ID = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';
const PRIVATE = { 'Cache-Control': 'private, no-cache' };
const task = {
  id: ID,
  user_id: 'alice',
  title: 'a',
  description: null,
  completed: false,
  created_at: '2026-11-21T09:30:00.123456Z',
  updated_at: '2026-11-21T09:30:00.123456Z',
};

interface AnyReply {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}
/** The implementation of every operation in this test. */
let answer: () => Promise<AnyReply>;

const app = useApp(() => answer());
let client: Client;

beforeAll(() => {
  client = createClient(app.url, 'any');
});

const answers = (response: AnyReply) => {
  answer = () => Promise.resolve(response);
};

describe('a documented response is sent unchanged', () => {
  test.each(operations)('$operationId', async (operation) => {
    const { operationId, method, body } = operation;
    const backend = await createBackend();
    const sample: { status: number; mock: unknown } = backend.mockResponseForOperation(operationId);
    const { status, mock } = sample;
    answers({ status, headers: PRIVATE, ...(status !== 204 && { body: mock }) });
    const response = await client.request(method, pathOf(operation, 'alice', ID), { body });
    expect(response.status).toBe(status);
    if (status !== 204) expect(response.body).toEqual(mock);
  });
});

/** Expects a 500 without details, and a log entry with all details. */
async function expectFault(
  cause: RegExp,
  method = 'GET',
  path = `/api/tasks/${ID}`,
): Promise<void> {
  app.log.length = 0;
  const response = await client.request<ProblemBody>(method, path);
  const { request_id, ...told } = response.body;
  expect(told).toEqual({
    type: 'urn:tasks-api:problem:internal-error',
    title: 'Internal error',
    status: 500,
    detail: 'An internal error occurred',
    code: 'internal-error',
  });
  for (const name of ['etag', 'link', 'location']) expect(response.headers.has(name)).toBe(false);
  const lines = app.log.filter(
    (line) => line.includes(request_id) && line.includes('internal-error'),
  );
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(cause);
}

describe('an undocumented response becomes internal-error', () => {
  const headers = { ...PRIVATE, ETag: '"1"', Link: '</x>; rel="next"', Location: '/x' };

  test.each([
    ['an undocumented status', { status: 202, headers, body: task }, /status code '202'/],
    ['a documented status of others', { status: 201, headers, body: task }, /status code '201'/],
    [
      'an extra field',
      { status: 200, headers, body: { ...task, secret: 'x' } },
      /must NOT have additional properties/,
    ],
    [
      'a missing field',
      { status: 200, headers, body: { ...task, title: undefined } },
      /required property 'title'/,
    ],
    [
      'a field of another type',
      { status: 200, headers, body: { ...task, completed: 1 } },
      /must be boolean/,
    ],
    ['a bad format', { status: 200, headers, body: { ...task, id: 'one' } }, /\/response\/id/],
    [
      'a time without its zone',
      { status: 200, headers, body: { ...task, created_at: '2026-11-21 09:30' } },
      /date-time/,
    ],
    ['a body that is null', { status: 200, headers, body: null }, /body required/],
    ['a list instead of an object', { status: 200, headers, body: [task] }, /must be object/],
    ['no body', { status: 200, headers }, /without a body/],
    ['an undocumented status without a body', { status: 204, headers }, /without a body/],
  ])('%s', async (_name, response, cause) => {
    answers(response);
    await expectFault(cause);
  });

  test('a body with a 204', async () => {
    answers({ status: 204, headers: PRIVATE, body: task });
    await expectFault(/response should NOT have a body/, 'DELETE');
  });

  test('a problem that the operation does not document', async () => {
    answer = () => Promise.reject(new Problem('precondition-failed', { detail: 'of something' }));
    await expectFault(/of something/);
    answer = () => Promise.reject(new Problem('access-forbidden', { detail: 'of something' }));
    await expectFault(/of something/, 'GET', '/api/me');
  });

  test.each([
    ['an error', new TypeError('a secret of the inside')],
    ['an error with a status', Object.assign(new Error('a secret of the inside'), { status: 404 })],
    ['an error with a cause', new Error('x', { cause: new Error('a secret of the inside') })],
  ])('%s is thrown', async (_name, error) => {
    answer = () => Promise.reject(error);
    await expectFault(/a secret of the inside.*stack/s);
  });

  test.each([['a text'], [undefined], [null], [42], [{ status: 404 }]])(
    '%j is thrown',
    async (thrown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do
      answer = () => Promise.reject(thrown);
      await expectFault(/internal-error/);
    },
  );

  test('an error thrown synchronously', async () => {
    answer = () => {
      throw new Error('at once');
    };
    await expectFault(/at once/);
  });

  test('no response', async () => {
    answer = () => Promise.resolve(undefined as unknown as AnyReply);
    await expectFault(/TypeError/);
  });
});

test('documented problems are sent', async () => {
  answer = () => Promise.reject(new Problem('not-found'));
  expect((await client.get(`/api/tasks/${ID}`)).status).toBe(404);
  answer = () => Promise.reject(new Problem('unavailable'));
  const { status, headers } = await client.get('/livez');
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
});
