import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client, type Problem } from '../support/client.ts';
import { sendRaw, requestText } from '../support/raw-socket.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

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

async function send(
  method: string,
  target: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Problem> {
  return (await client.request<Problem>(method, target, { body, headers })).body;
}

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
  ])('%s is supported', async (contentType) => {
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
  ])('%s is not supported', async (contentType) => {
    expect((await create(contentType)).body).toMatchObject({ code: 'unsupported-media-type' });
  });

  test('a body without a media type', async () => {
    const request = { 'Content-Length': '13', Authorization: `Bearer ${token}` };
    const bytes = requestText('POST /api/tasks HTTP/1.1', request, '{"title":"a"}');
    const [response] = await sendRaw(service.port, bytes);
    expect(response?.body).toMatchObject({ code: 'unsupported-media-type' });
  });

  test('content encodings', async () => {
    const headers = { 'Content-Encoding': 'gzip' };
    const zipped = await send('POST', '/api/tasks', gzipSync('{"title":"a"}'), headers);
    expect(zipped.code).toBe('unsupported-media-type');
    for (const identity of ['identity', 'Identity']) {
      const plain = await create('application/json', { 'Content-Encoding': identity });
      expect(plain.status).toBe(201);
    }
  });

  test('a merge patch is only supported by PATCH of a task', async () => {
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

  test('the media type is ignored without a body', async () => {
    const headers = { 'Content-Type': 'text/plain' };
    expect((await client.get(path, { headers })).status).toBe(200);
    expect((await client.patch(`${path}/complete`, undefined, { headers })).status).toBe(200);
    expect((await client.request('DELETE', NO_TASK, { headers })).status).toBe(404);
    expect((await send('POST', '/api/tasks', undefined, headers)).code).toBe('validation-error');
  });

  test.each<Record<string, string>>([{}, { 'Content-Type': 'text/plain' }])(
    'the media type is ignored for an empty chunked body: %j',
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

describe('a body of an operation without one is ignored', () => {
  const operations = [
    ['GET', '/livez', 200],
    ['GET', '/api/me', 200],
    ['GET', NO_TASK, 404],
    ['HEAD', '/api/me', 200],
    ['DELETE', NO_TASK, 404],
  ] as const;
  const bodies = [
    ['JSON', { 'Content-Type': 'application/json', 'Content-Length': '2' }, '{}'],
    ['text', { 'Content-Type': 'text/plain', 'Content-Length': '2' }, 'ab'],
    ['invalid JSON', { 'Content-Type': 'application/json', 'Content-Length': '1' }, '{'],
    [
      'a chunk',
      { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
      '2\r\n{}\r\n0\r\n\r\n',
    ],
  ] as const;

  test.each(
    operations.flatMap((operation) => bodies.map((body) => [...operation, ...body] as const)),
  )('%s %s: %i, with %s', async (method, target, status, _name, headers, body) => {
    const authorized = { Authorization: `Bearer ${token}`, ...headers };
    const bytes = requestText(`${method} ${target} HTTP/1.1`, authorized, body);
    const [response] = await sendRaw(service.port, bytes, { head: method === 'HEAD' });
    expect(response?.status).toBe(status);
  });
});
