import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const NO_TASK = '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

const service = useService();
let client: Client;
/** The path of a task that belongs to the client. */
let path: string;

beforeAll(async () => {
  client = createClient(service.url, await tokenOf('alice'));
  path = `/api/tasks/${(await client.create()).id}`;
});

async function send(
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Problem> {
  return (await client.request<Problem>(method, target, { body, headers })).body;
}

/** The errors of a validation-error. */
async function errorsOf(...request: Parameters<typeof send>): Promise<Problem['errors']> {
  const problem = await send(...request);
  expect(problem.code).toBe('validation-error');
  return problem.errors;
}

test.each(['null', '42', '[]', '"title"', 'true'])('a body that is %s', async (body) => {
  const expected = [{ in: 'body', name: 'body', detail: 'must be object' }];
  expect(await errorsOf('POST', '/api/tasks', body)).toEqual(expected);
  expect(await errorsOf('PUT', path, body)).toEqual(expected);
  expect(await errorsOf('PATCH', path, body)).toEqual(expected);
  expect(await errorsOf('PATCH', `${path}/complete`, body)).toEqual(expected);
});

test('a missing body', async () => {
  const expected = [{ in: 'body', name: 'body', detail: 'is required' }];
  expect(await errorsOf('POST', '/api/tasks')).toEqual(expected);
  expect(await errorsOf('PUT', path)).toEqual(expected);
  expect(await errorsOf('PATCH', path)).toEqual(expected);
  expect(await errorsOf('POST', '/api/tasks', '')).toEqual(expected);
});

test('an empty object', async () => {
  const nothing = [{ in: 'body', name: 'body', detail: 'must have at least one field' }];
  expect(await errorsOf('PUT', path, {})).toEqual(nothing);
  expect(await errorsOf('PATCH', path, {})).toEqual(nothing);
  const required = (name: string) => [{ in: 'body', name, detail: 'is required' }];
  expect(await errorsOf('PATCH', `${path}/complete`, {})).toEqual(required('completed'));
  expect(await errorsOf('POST', '/api/tasks', {})).toEqual(required('title'));
});

test.each([
  ['title', null, 'must be string'],
  ['title', 1, 'must be string'],
  ['title', '', 'must contain a visible character'],
  ['title', ' \t\n\u00a0\u3000', 'must contain a visible character'],
  ['title', 'a'.repeat(201), 'must NOT have more than 200 characters'],
  ['description', 1, 'must be string,null'],
  ['description', 'a'.repeat(1001), 'must NOT have more than 1000 characters'],
  ['completed', null, 'must be boolean'],
  ['completed', 'true', 'must be boolean'],
  ['completed', 1, 'must be boolean'],
  ['colour', 'red', 'is not a known field'],
  ['id', NO_TASK.slice(-36), 'is not a known field'],
  ['user_id', 'alice', 'is not a known field'],
  ['created_at', '2026-11-21T09:30:00Z', 'is not a known field'],
  ['updated_at', '2026-11-21T09:30:00Z', 'is not a known field'],
  ['version', 7, 'is not a known field'],
  ['constructor', 1, 'is not a known field'],
])('the field %s as %j', async (name, value, detail) => {
  const expected = [{ in: 'body', name, detail }];
  expect(await errorsOf('POST', '/api/tasks', { title: 'a', [name]: value })).toEqual(expected);
  expect(await errorsOf('PUT', path, { [name]: value })).toEqual(expected);
  expect(await errorsOf('PATCH', path, { [name]: value })).toEqual(expected);
});

test('the field __proto__', async () => {
  expect(await errorsOf('POST', '/api/tasks', '{"title":"a","__proto__":{"x":1}}')).toEqual([
    { in: 'body', name: '__proto__', detail: 'is not a known field' },
  ]);
});

test.each([
  [{ completed: null }, 'must be boolean'],
  [{ completed: 'yes' }, 'must be boolean'],
])('a completion with %j', async (body, detail) => {
  const expected = [{ in: 'body', name: 'completed', detail }];
  expect(await errorsOf('PATCH', `${path}/complete`, body)).toEqual(expected);
});

test.each([
  ['/api/tasks/tasks', 'id', 'must be a UUID'],
  ['/api/tasks/urn:uuid:019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21', 'id', 'must be a UUID'],
  ['/api/alice/tasks/1', 'id', 'must be a UUID'],
  ['/api/%07/tasks', 'user_id', 'must not contain control characters'],
  ['/api/%C2%85/tasks', 'user_id', 'must not contain control characters'],
  [`/api/${'a'.repeat(256)}/tasks`, 'user_id', 'must NOT have more than 255 characters'],
])('the path %s', async (target, name, detail) => {
  expect(await errorsOf('GET', target)).toEqual([{ in: 'path', name, detail }]);
});

test.each([
  ['limit=0', 'limit', 'must be >= 1'],
  ['limit=-1', 'limit', 'must be >= 1'],
  ['limit=101', 'limit', 'must be <= 100'],
  ['limit=99999999999999999999', 'limit', 'must be <= 100'],
  ['limit=1.5', 'limit', 'must be integer'],
  ['limit=many', 'limit', 'must be integer'],
  ['limit=1&limit=2', 'limit', 'must be integer'],
  ['limit=1e1', 'limit', 'must be an integer in decimal notation'],
  ['limit=0x10', 'limit', 'must be an integer in decimal notation'],
  ['limit=%2010', 'limit', 'must be an integer in decimal notation'],
  ['limit=%2B10', 'limit', 'must be an integer in decimal notation'],
  ['limit=010', 'limit', 'must be an integer in decimal notation'],
  ['limit=', 'limit', 'must not be empty'],
  ['colour=red', 'colour', 'is not a known parameter'],
  ['Limit=1', 'Limit', 'is not a known parameter'],
  ['__proto__=1', '__proto__', 'is not a known parameter'],
  ['status=done', 'status', 'must be equal to one of the allowed values: all, pending, completed'],
  ['sort=id', 'sort', 'must be equal to one of the allowed values: created, updated, title'],
  ['order=up', 'order', 'must be equal to one of the allowed values: asc, desc'],
  ['status=all&status=all', 'status', 'must be string'],
])('the query %s', async (query, name, detail) => {
  expect(await errorsOf('GET', `/api/tasks?${query}`)).toEqual([{ in: 'query', name, detail }]);
});

test('an empty cursor requests the first page', async () => {
  for (const path of ['/api/tasks?cursor=', '/api/alice/tasks?cursor=', '/api/me/export?cursor='])
    expect((await client.get(path)).status).toBe(200);
});

test('all errors of the query and the body are reported', async () => {
  const errors = await errorsOf('POST', '/api/tasks?colour=red&size=1', { title: '' });
  expect(errors).toMatchObject([
    { in: 'query', name: 'colour' },
    { in: 'query', name: 'size' },
    { in: 'body', name: 'title' },
  ]);
  expect(await errorsOf('GET', '/api/tasks?limit=0&status[]=all')).toMatchObject([
    { name: 'status[]' },
    { name: 'limit' },
  ]);
});

test.each(['/livez', '/readyz', '/api/me', NO_TASK])(
  'unknown query parameters of %s',
  async (target) => {
    expect(await errorsOf('GET', `${target}?x=1`)).toEqual([
      { in: 'query', name: 'x', detail: 'is not a known parameter' },
    ]);
  },
);

test.each([
  ['Idempotency-Key', 'a b', 'must contain only visible ASCII characters'],
  ['Idempotency-Key', 'schlüssel', 'must contain only visible ASCII characters'],
  ['Idempotency-Key', '', 'must contain only visible ASCII characters'],
  ['Idempotency-Key', 'a'.repeat(256), 'must NOT have more than 255 characters'],
])('the header %s: %s', async (name, value, detail) => {
  const errors = await errorsOf('POST', '/api/tasks', { title: 'a' }, { [name]: value });
  expect(errors).toEqual([{ in: 'header', name, detail }]);
});

test.each(['1', '"1', '*, "1"', '"1" "2"', 'w/"1"', ''])('an ETag like %s', async (tag) => {
  const detail = 'must be "*" or a list of entity tags';
  for (const [method, header] of [
    ['DELETE', 'If-Match'],
    ['GET', 'If-None-Match'],
  ] as const) {
    const errors = await errorsOf(method, path, undefined, { [header]: tag });
    expect(errors).toEqual([{ in: 'header', name: header, detail }]);
  }
});

test('errors in several parts of the request', async () => {
  const problem = await send(
    'PUT',
    '/api/alice/tasks/1',
    { title: 1, completed: 'x', colour: 'red' },
    { 'If-Match': 'x' },
  );
  expect(problem.errors?.map((error) => `${error.in} ${error.name}`).toSorted()).toEqual([
    'body colour',
    'body completed',
    'body title',
    'header If-Match',
    'path id',
  ]);
  expect(problem.detail).toMatch(/^([\w-]+: [^;]+; ){3}and 2 more$/);
});

test('all unknown fields are named', async () => {
  const problem = await send('POST', '/api/tasks', { title: 'a', b: 1, c: 1, d: 1, e: 1 });
  expect(problem.errors?.map(({ name }) => name)).toEqual(['b', 'c', 'd', 'e']);
  expect(problem.detail).toBe(
    'b: is not a known field; c: is not a known field; d: is not a known field; and 1 more',
  );
});

test('at most twenty errors, with truncated names', async () => {
  const name = '🐌'.repeat(300);
  const fields = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`${name}${index}`, 1]),
  );
  const errors = await errorsOf('POST', '/api/tasks', { title: 'a', ...fields });
  expect(errors).toHaveLength(20);
  for (const error of errors ?? []) expect(error.name).toBe('🐌'.repeat(100));
});

test('at most twenty unknown query parameters, with truncated names', async () => {
  const name = 'a'.repeat(200);
  const query = Array.from({ length: 50 }, (_, index) => `${name}${index}=1`).join('&');
  const problem = await send('GET', `/api/tasks?${query}`);
  expect(problem.errors).toHaveLength(20);
  for (const error of problem.errors ?? []) expect(error.name).toBe('a'.repeat(100));
  expect(problem.detail.length).toBeLessThan(1000);
});

test('errors do not contain the rejected value', async () => {
  const response = await client.post('/api/tasks', { title: 'a', description: ['private'] });
  expect(response.status).toBe(422);
  expect(response.text).not.toContain('private');
});

describe('a limit must be in decimal notation', () => {
  test.each([
    '1e1',
    '1E1',
    '0x10',
    '0b1',
    '0o7',
    '%201',
    '1%20',
    '+1',
    '%2B1',
    '01',
    '1.0',
    '1.',
    '.5e1',
    '1.5',
    '1,5',
    '%D9%A3',
    'Infinity',
    'NaN',
    '1%0A',
    '%EF%BB%BF1',
    '',
  ])('"%s" is rejected', async (limit) => {
    const response = await client.get<Problem>(`/api/tasks?limit=${limit}`);
    expect(response.status).toBe(422);
    expect(response.body.errors).toMatchObject([{ in: 'query', name: 'limit' }]);
  });

  test('percent-encoded digits are valid', async () => {
    expect((await client.list('?limit=%31')).body.items).toHaveLength(1);
  });
});
