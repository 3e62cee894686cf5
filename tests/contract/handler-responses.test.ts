import { beforeAll, describe, expect, test } from 'vitest';
import { indexContract } from '../../src/validation/contract-index.ts';
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

interface AnyResponse {
  status: number;
  headers: Record<string, string>;
  body?: unknown;
}
/** The handler of all operations in this test. */
let handler: () => Promise<AnyResponse>;

const app = useApp(() => handler());
let client: Client;

beforeAll(() => {
  client = createClient(app.url, 'any');
});

const handlersReturn = (response: AnyResponse) => {
  handler = () => Promise.resolve(response);
};

describe('a documented response is sent unchanged', () => {
  test.each(operations)('$operationId', async (operation) => {
    const { operationId, method, body } = operation;
    const contractIndex = await indexContract();
    const sample: { status: number; mock: unknown } =
      contractIndex.mockResponseForOperation(operationId);
    const { status, mock } = sample;
    handlersReturn({ status, headers: PRIVATE, ...(status !== 204 && { body: mock }) });
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
  const { request_id, ...problem } = response.body;
  expect(problem).toEqual({
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
    ['a status of another operation', { status: 201, headers, body: task }, /status code '201'/],
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
    ['an invalid format', { status: 200, headers, body: { ...task, id: 'one' } }, /\/response\/id/],
    [
      'a time without a time zone',
      { status: 200, headers, body: { ...task, created_at: '2026-11-21 09:30' } },
      /date-time/,
    ],
    ['a null body', { status: 200, headers, body: null }, /body required/],
    ['a list instead of an object', { status: 200, headers, body: [task] }, /must be object/],
    ['no body', { status: 200, headers }, /without a body/],
    ['an undocumented status without a body', { status: 204, headers }, /without a body/],
  ])('%s', async (_name, response, cause) => {
    handlersReturn(response);
    await expectFault(cause);
  });

  test('a body with a 204', async () => {
    handlersReturn({ status: 204, headers: PRIVATE, body: task });
    await expectFault(/response should NOT have a body/, 'DELETE');
  });

  test('a problem that the operation does not document', async () => {
    handler = () => Promise.reject(new Problem('precondition-failed', { detail: 'of something' }));
    await expectFault(/of something/);
    handler = () => Promise.reject(new Problem('access-forbidden', { detail: 'of something' }));
    await expectFault(/of something/, 'GET', '/api/me');
  });

  test.each([
    ['an error', new TypeError('an internal detail')],
    ['an error with a status', Object.assign(new Error('an internal detail'), { status: 404 })],
    ['an error with a cause', new Error('x', { cause: new Error('an internal detail') })],
  ])('%s is thrown', async (_name, error) => {
    handler = () => Promise.reject(error);
    await expectFault(/an internal detail.*stack/s);
  });

  test.each([['a text'], [undefined], [null], [42], [{ status: 404 }]])(
    '%j is thrown',
    async (thrown) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- libraries do
      handler = () => Promise.reject(thrown);
      await expectFault(/internal-error/);
    },
  );

  test('an error thrown synchronously', async () => {
    handler = () => {
      throw new Error('at once');
    };
    await expectFault(/at once/);
  });

  test('no response', async () => {
    handler = () => Promise.resolve(undefined as unknown as AnyResponse);
    await expectFault(/TypeError/);
  });
});

test('documented problems are sent', async () => {
  handler = () => Promise.reject(new Problem('not-found'));
  expect((await client.get(`/api/tasks/${ID}`)).status).toBe(404);
  handler = () => Promise.reject(new Problem('unavailable'));
  const { status, headers } = await client.get('/livez');
  expect(status).toBe(503);
  expect(headers.get('retry-after')).toBe('5');
});
