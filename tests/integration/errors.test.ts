import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem, type ApiResponse } from '../support/client.ts';
import { useService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const NO_TASK = '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

const service = useService();
let client: Client;
let token: string;
/** The path of a task that belongs to the client. */
let path: string;

beforeAll(async () => {
  token = await tokenOf('alice');
  client = createClient(service.url, token);
  path = `/api/tasks/${(await client.create()).id}`;
});

const problemOf = ({ body }: ApiResponse) => body as Problem;

async function send(
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Problem> {
  return problemOf(await client.request(method, target, { body, headers }));
}

describe('401', () => {
  async function challenge(bearer: string | null) {
    const response = await client.get('/api/tasks', { token: bearer });
    const { code, detail } = problemOf(response);
    return { code, detail, challenge: response.headers.get('www-authenticate') };
  }
  const invalid = {
    code: 'invalid-token',
    detail: 'Invalid token',
    challenge: 'Bearer error="invalid_token", error_description="Invalid token"',
  };

  test('not-authenticated: without a token or with another scheme', async () => {
    const expected = {
      code: 'not-authenticated',
      detail: 'Send a bearer token in the Authorization header',
      challenge: 'Bearer',
    };
    expect(await challenge(null)).toEqual(expected);
    const response = await client.get('/api/tasks', {
      token: null,
      headers: { Authorization: 'Basic YWxpY2U6c2VjcmV0' },
    });
    expect(problemOf(response)).toMatchObject({ code: 'not-authenticated' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('invalid-token', async () => {
    expect(await challenge('no.token.this')).toEqual(invalid);
    expect(await challenge(await forgedTokenOf('alice'))).toEqual(invalid);
  });

  test('token-expired', async () => {
    expect(await challenge(await expiredTokenOf('alice'))).toEqual({
      code: 'token-expired',
      detail: 'Token expired',
      challenge: 'Bearer error="invalid_token", error_description="Token expired"',
    });
  });

  test('takes precedence over all errors of the request', async () => {
    const response = await client.post('/api/tasks?x=1', '{', { token: null });
    expect(problemOf(response).code).toBe('not-authenticated');
  });
});

describe('403, 404, 405 and 412', () => {
  test('access-forbidden', async () => {
    expect(await send('GET', '/api/bob/tasks')).toMatchObject({
      code: 'access-forbidden',
      detail: 'The user in the path is not the caller',
    });
  });

  test('not-found: a path and a task', async () => {
    expect((await send('GET', '/nope')).code).toBe('not-found');
    for (const method of ['GET', 'DELETE']) {
      expect((await send(method, NO_TASK)).code).toBe('not-found');
    }
    for (const method of ['PUT', 'PATCH']) {
      expect((await send(method, NO_TASK, { title: 'x' })).code).toBe('not-found');
    }
    expect((await send('PATCH', `${NO_TASK}/complete`)).code).toBe('not-found');
  });

  test.each([
    ['DELETE', '/api/tasks', 'POST, GET, HEAD, OPTIONS'],
    ['POST', '/api/tasks/tasks', 'GET, HEAD, PUT, PATCH, DELETE, OPTIONS'],
    ['GET', `${NO_TASK}/complete`, 'PATCH, OPTIONS'],
    ['PUT', '/api/alice/tasks', 'POST, GET, HEAD, OPTIONS'],
    ['POST', '/api/me', 'GET, HEAD, DELETE, OPTIONS'],
    ['POST', '/api/me/export', 'GET, HEAD, OPTIONS'],
    ['POST', '/livez', 'GET, HEAD, OPTIONS'],
  ])('method-not-allowed: %s %s', async (method, target, allow) => {
    for (const bearer of [null, token]) {
      const response = await client.request(method, target, { token: bearer });
      expect(problemOf(response).code).toBe('method-not-allowed');
      const sorted = (list: string | null) => list?.split(', ').toSorted();
      expect(sorted(response.headers.get('allow'))).toEqual(sorted(allow));
    }
  });

  test('precondition-failed', async () => {
    const failed = await send('PUT', path, { title: 'x' }, { 'If-Match': '"999"' });
    expect(failed.code).toBe('precondition-failed');
  });
});

describe('400 malformed-request', () => {
  const text = (body: string | Uint8Array) => send('POST', '/api/tasks', body);

  test.each([
    '{',
    '{"title": "a"',
    '{"title": "a",}',
    "{'title': 'a'}",
    'title=a',
    '\ufeff',
    'NaN',
  ])('invalid JSON: %s', async (body) => {
    expect((await text(body)).detail).toBe('The body is not valid JSON');
  });

  test.each([
    ['an invalid byte', [0x22, 0xff, 0x22]],
    ['an incomplete sequence', [0x22, 0xe2, 0x82, 0x22]],
    ['an overlong sequence', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
  ])('invalid UTF-8: %s', async (_name, bytes) => {
    const before = Buffer.from('{"title":');
    const body = Buffer.concat([before, Buffer.from(bytes), Buffer.from('}')]);
    expect((await text(body)).detail).toBe('The body is not valid UTF-8');
  });

  test.each([
    ['a value', '{"title":"a\\ud800"}'],
    ['the wrong order', '{"title":"\\udc00\\ud800"}'],
    ['a name', '{"title":"a","\\ud800":1}'],
    ['a nested value', '{"title":[{"a":["\\udfff"]}]}'],
  ])('unpaired surrogates in %s', async (_name, body) => {
    expect((await text(body)).detail).toBe('The body contains an unpaired surrogate');
  });

  test.each([
    ['a value', '{"title":"a\\u0000"}'],
    ['a name', '{"title":"a","\\u0000":1}'],
    ['a nested value', '{"title":[{"a":["\\u0000"]}]}'],
  ])('NUL in %s', async (_name, body) => {
    expect((await text(body)).detail).toBe('The body contains a NUL character');
  });

  test('takes precedence over validation errors', async () => {
    expect((await send('POST', '/api/tasks?x=1', '{')).code).toBe('malformed-request');
    expect((await send('GET', '/api/tasks/%00?x=1')).code).toBe('malformed-request');
  });
});

test('422 idempotency-key-reused and invalid-cursor', async () => {
  const headers = { 'Idempotency-Key': 'errors' };
  expect((await client.post('/api/tasks', { title: 'a' }, { headers })).status).toBe(201);
  const reused = await send('POST', '/api/tasks', { title: 'b' }, headers);
  expect(reused.code).toBe('idempotency-key-reused');
  expect((await send('GET', '/api/tasks?cursor=made-up')).code).toBe('invalid-cursor');
});

test('an error response has no headers of a task', async () => {
  for (const target of [NO_TASK, '/nope', '/api/bob/tasks']) {
    const { headers } = await client.get(target);
    for (const name of ['etag', 'location', 'link', 'last-modified']) {
      expect(headers.has(name)).toBe(false);
    }
  }
});
