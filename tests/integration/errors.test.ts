import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem, type Reply } from '../support/client.ts';
import { sendRaw, requestText } from '../support/raw-socket.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { expiredTokenOf, forgedTokenOf, tokenOf } from '../support/tokens.ts';

const NO_TASK = '/api/tasks/019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

let service: TestService;
let client: Client;
let token: string;
/** The path of a task of the client. */
let path: string;

beforeAll(async () => {
  service = await startTestService();
  token = await tokenOf('alice');
  client = createClient(service.url, token);
  path = `/api/tasks/${(await client.create()).id}`;
});
afterAll(() => service.stop());

const problemOf = ({ body }: Reply) => body as Problem;

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
    const reply = await client.get('/api/tasks', { token: bearer });
    const { code, detail } = problemOf(reply);
    return { code, detail, challenge: reply.headers.get('www-authenticate') };
  }
  const invalid = {
    code: 'invalid-token',
    detail: 'Invalid token',
    challenge: 'Bearer error="invalid_token", error_description="Invalid token"',
  };

  test('not-authenticated, without a token or with another scheme', async () => {
    const expected = {
      code: 'not-authenticated',
      detail: 'Not authenticated',
      challenge: 'Bearer',
    };
    expect(await challenge(null)).toEqual(expected);
    const reply = await client.get('/api/tasks', {
      token: null,
      headers: { Authorization: 'Basic YWxpY2U6c2VjcmV0' },
    });
    expect(problemOf(reply)).toMatchObject({ code: 'not-authenticated' });
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
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

  test('comes before everything that is wrong with the request itself', async () => {
    const reply = await client.post('/api/tasks?x=1', '{', { token: null });
    expect(problemOf(reply).code).toBe('not-authenticated');
  });
});

describe('403, 404, 405 and 412', () => {
  test('access-forbidden', async () => {
    expect(await send('GET', '/api/bob/tasks')).toMatchObject({
      code: 'access-forbidden',
      detail: 'Access forbidden',
    });
  });

  test('not-found, of a path and of a task', async () => {
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
    ['POST', '/api/me', 'GET, HEAD, OPTIONS'],
    ['POST', '/livez', 'GET, HEAD, OPTIONS'],
  ])('method-not-allowed: %s %s', async (method, target, allow) => {
    for (const bearer of [null, token]) {
      const reply = await client.request(method, target, { token: bearer });
      expect(problemOf(reply).code).toBe('method-not-allowed');
      const sorted = (list: string | null) => list?.split(', ').toSorted();
      expect(sorted(reply.headers.get('allow'))).toEqual(sorted(allow));
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
  ])('broken JSON: %s', async (body) => {
    expect((await text(body)).detail).toBe('The body is not valid JSON');
  });

  test.each([
    ['a byte that is none', [0x22, 0xff, 0x22]],
    ['a cut sequence', [0x22, 0xe2, 0x82, 0x22]],
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
    ['a depth', '{"title":[{"a":["\\udfff"]}]}'],
  ])('lone surrogates in %s', async (_name, body) => {
    expect((await text(body)).detail).toBe('The body has a lone surrogate');
  });

  test.each([
    ['a value', '{"title":"a\\u0000"}'],
    ['a name', '{"title":"a","\\u0000":1}'],
    ['a depth', '{"title":[{"a":["\\u0000"]}]}'],
  ])('NUL in %s', async (_name, body) => {
    expect((await text(body)).detail).toBe('The body has a NUL');
  });

  test('comes before the rules of the contract', async () => {
    expect((await send('POST', '/api/tasks?x=1', '{')).code).toBe('malformed-request');
    expect((await send('GET', '/api/tasks/%00?x=1')).code).toBe('malformed-request');
  });
});

describe('413 body-too-large', () => {
  const LIMIT = 64 * 1024;
  const body = (length: number) => {
    const frame = '{"title":"a"}';
    return frame.replace('}', ' '.repeat(length - frame.length) + '}');
  };
  const chunked = (length: number) => {
    const whole = body(length);
    const chunks = [whole.slice(0, 1000), whole.slice(1000)];
    return requestText(
      'POST /api/tasks HTTP/1.1',
      {
        Authorization: `Bearer ${token}`,
        'Content-Type': 'application/json',
        'Transfer-Encoding': 'chunked',
      },
      [...chunks, ''].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join(''),
    );
  };

  test('64 KiB is not too large', async () => {
    expect((await client.post('/api/tasks', body(LIMIT))).status).toBe(201);
    expect((await sendRaw(service.port, chunked(LIMIT)))[0]?.status).toBe(201);
  });

  test('one byte more is', async () => {
    const code = 'body-too-large';
    expect(await send('POST', '/api/tasks', body(LIMIT + 1))).toMatchObject({ code });
    expect((await sendRaw(service.port, chunked(LIMIT + 1)))[0]?.body).toMatchObject({ code });
    expect(await send('POST', '/api/tasks', body(20 * LIMIT))).toMatchObject({ code });
  });

  test('bytes count, not characters', async () => {
    const long = `{"title":"${'ä'.repeat(LIMIT / 2)}"}`;
    expect((await send('POST', '/api/tasks', long)).code).toBe('body-too-large');
  });
});

describe('415 unsupported-media-type', () => {
  const create = (contentType: string, headers: Record<string, string> = {}) =>
    client.post('/api/tasks', '{"title":"a"}', {
      headers: { 'Content-Type': contentType, ...headers },
    });

  test.each([
    'application/json',
    'Application/JSON',
    'application/json; charset=utf-8',
    'application/json;charset="UTF-8"',
    'application/json ; charset=utf8',
    'application/json; version=1; charset=utf-8',
  ])('%s is taken', async (contentType) => {
    expect((await create(contentType)).status).toBe(201);
  });

  test.each([
    'text/plain',
    'text/json',
    'application/vnd.api+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/merge-patch+json',
    'application/json, text/plain',
    'application/jsonx',
    '*/*',
    'nonsense',
    'application/json; charset=utf-7',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; charset=utf-7',
  ])('%s is not', async (contentType) => {
    expect(problemOf(await create(contentType)).code).toBe('unsupported-media-type');
  });

  test('no type with a body', async () => {
    const request = { 'Content-Length': '13', Authorization: `Bearer ${token}` };
    const bytes = requestText('POST /api/tasks HTTP/1.1', request, '{"title":"a"}');
    const [reply] = await sendRaw(service.port, bytes);
    expect(reply?.body).toMatchObject({ code: 'unsupported-media-type' });
  });

  test('content encodings', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const zipped = await send('POST', '/api/tasks', gzipSync('{"title":"a"}'), headers);
    expect(zipped.code).toBe('unsupported-media-type');
    const plain = await create('application/json', { 'Content-Encoding': 'identity' });
    expect(plain.status).toBe(201);
  });

  test('a merge patch is for PATCH of a task alone', async () => {
    const merge = { 'Content-Type': 'application/merge-patch+json' };
    const patched = await client.patch(path, { title: 'merged' }, { headers: merge });
    expect(patched.body.title).toBe('merged');
    for (const [method, target] of [
      ['PUT', path],
      ['PATCH', `${path}/complete`],
    ] as const) {
      const { code } = await send(method, target, { completed: true }, merge);
      expect(code).toBe('unsupported-media-type');
    }
  });

  test('a type does not matter where there is no body', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    expect((await client.get(path, { headers })).status).toBe(200);
    expect((await client.patch(`${path}/complete`, undefined, { headers })).status).toBe(200);
    expect((await client.request('DELETE', NO_TASK, { headers })).status).toBe(404);
    expect((await send('POST', '/api/tasks', undefined, headers)).code).toBe('validation-error');
  });

  test.each<Record<string, string>>([{}, { 'Content-Type': 'text/plain' }])(
    'nor where the body turns out to be empty: %j',
    async (headers) => {
      const authorization = { Authorization: `Bearer ${token}` };
      const bytes = requestText(
        `PATCH ${path}/complete HTTP/1.1`,
        { ...authorization, ...headers, 'Transfer-Encoding': 'chunked' },
        '0\r\n\r\n',
      );
      expect((await sendRaw(service.port, bytes))[0]?.status).toBe(200);
    },
  );
});

test('422 idempotency-key-reused and invalid-cursor', async () => {
  const headers = { 'Idempotency-Key': 'errors' };
  expect((await client.post('/api/tasks', { title: 'a' }, { headers })).status).toBe(201);
  const reused = await send('POST', '/api/tasks', { title: 'b' }, headers);
  expect(reused.code).toBe('idempotency-key-reused');
  expect((await send('GET', '/api/tasks?cursor=made-up')).code).toBe('invalid-cursor');
});

test('an error names no field of a task in its headers', async () => {
  for (const target of [NO_TASK, '/nope', '/api/bob/tasks']) {
    const { headers } = await client.get(target);
    for (const name of ['etag', 'location', 'link', 'last-modified']) {
      expect(headers.has(name)).toBe(false);
    }
  }
});
