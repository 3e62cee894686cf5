import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import { requestText, sendForProblem, sendRaw } from '../support/raw-socket.ts';
import { useService } from '../support/service.ts';
import { tokenOf } from '../support/tokens.ts';

const service = useService();
let client: Client;
let token: string;

beforeAll(async () => {
  token = await tokenOf('alice');
  client = createClient(service.url, token);
});

const get = (target: string) => requestText(`GET ${target} HTTP/1.1`);

describe('URLs', () => {
  test.each([
    ['/'],
    ['/nope'],
    ['/api'],
    ['/index.html'],
    ['//'],
    ['//api/tasks'],
    ['/api//tasks'],
    ['/api/tasks/'],
    ['/api/tasks/?status=all'],
    ['/api/me/'],
    ['/livez/'],
    ['/API/tasks'],
    ['/api/TASKS'],
    ['/livez/../nope'],
    ['/livez#fragment'],
    ['/%6Civez'],
    ['/api/%74asks'],
    ['/api/m%65/export'],
    ['*'],
    ['ftp://localhost/livez'],
    ['http://localhost'],
    ['http://localhost?status=all'],
    ['http://localhost/nope'],
  ])('GET %s is not found', async (target) => {
    const { problem } = await sendForProblem(service.port, get(target));
    expect(problem.code).toBe('not-found');
  });

  test('an unknown path is not found, with and without a token', async () => {
    for (const path of ['/nope', '/api/tasks/', '/api/me/']) {
      expect((await client.get(path)).status).toBe(404);
    }
  });

  test.each([
    ['/%00', 'The URL contains a NUL character'],
    ['/api/tasks/%00', 'The URL contains a NUL character'],
    ['/api/tasks?cursor=%00', 'The URL contains a NUL character'],
    ['/%ff', 'The URL contains invalid percent-encoding'],
    ['/api/%ff/tasks', 'The URL contains invalid percent-encoding'],
    ['/api/tasks?cursor=%ff', 'The URL contains invalid percent-encoding'],
    ['/%zz', 'The URL contains invalid percent-encoding'],
    ['/api/tasks/%', 'The URL contains invalid percent-encoding'],
    ['/api/%ed%a0%80/tasks', 'The URL contains invalid percent-encoding'],
    ['/api/%c0%af/tasks', 'The URL contains invalid percent-encoding'],
    ['http://localhost/%00', 'The URL contains a NUL character'],
  ])('GET %s is malformed', async (target, detail) => {
    const { problem } = await sendForProblem(service.port, get(target));
    expect(problem).toMatchObject({ code: 'malformed-request', detail });
  });

  test('non-ASCII bytes are malformed', async () => {
    const bytes = Buffer.from(get('/api/täsks'), 'utf8');
    expect((await sendForProblem(service.port, bytes)).problem.code).toBe('malformed-request');
    const latin = Buffer.from(get('/api/täsks'), 'latin1');
    expect((await sendForProblem(service.port, latin)).problem.code).toBe('malformed-request');
  });

  test('the origin of the absolute form is ignored', async () => {
    for (const target of ['http://localhost/livez', 'HTTPS://elsewhere.example:1/livez']) {
      const [response] = await sendRaw(service.port, get(target));
      expect(response?.body).toEqual({ status: 'ok' });
    }
  });

  test('the absolute form requires a token as well', async () => {
    const { problem } = await sendForProblem(service.port, get('http://localhost/api/tasks'));
    expect(problem.code).toBe('not-authenticated');
  });
});

describe('methods', () => {
  test.each([
    ['/api/tasks', ['GET', 'HEAD', 'OPTIONS', 'POST']],
    ['/api/tasks/x', ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'PUT']],
    ['/api/tasks/x/complete', ['OPTIONS', 'PATCH']],
    ['/api/me', ['DELETE', 'GET', 'HEAD', 'OPTIONS']],
    ['/livez', ['GET', 'HEAD', 'OPTIONS']],
  ])('OPTIONS %s returns the methods of the path, without a token', async (path, methods) => {
    const response = await client.request('OPTIONS', path, { token: null });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(methods);
  });

  test('OPTIONS * is supported', async () => {
    const [response] = await sendRaw(service.port, requestText('OPTIONS * HTTP/1.1'));
    expect(response).toMatchObject({ status: 204, text: '' });
  });

  test('OPTIONS of an unknown path is not found', async () => {
    expect((await client.request('OPTIONS', '/nope')).status).toBe(404);
  });

  test.each(['TRACE', 'PROPFIND', 'QUERY', 'LINK'])(
    '%s is not supported by any path',
    async (name) => {
      const { response, problem } = await sendForProblem(
        service.port,
        requestText(`${name} /api/tasks HTTP/1.1`),
      );
      expect(problem.code).toBe('method-not-allowed');
      expect(response.headers.get('allow')).toBe('GET, POST, HEAD, OPTIONS');
    },
  );

  test.each(['BREW /api/tasks HTTP/1.1', 'CONNECT localhost:443 HTTP/1.1'])(
    '%s is malformed',
    async (startLine) => {
      const { problem } = await sendForProblem(service.port, requestText(startLine));
      expect(problem.code).toBe('malformed-request');
    },
  );

  test.each([
    ['/api/tasks', 401],
    ['/nope', 404],
    ['/%00', 400],
    ['/api/tasks/x/complete', 405],
    ['/livez', 200],
  ])('HEAD %s has the headers of %i and no body', async (path, status) => {
    const [response, ...more] = await sendRaw(
      service.port,
      requestText(`HEAD ${path} HTTP/1.1`, { Connection: 'close' }),
      { responses: Infinity, head: true },
    );
    expect(response?.status).toBe(status);
    expect(Number(response?.headers.get('content-length'))).toBeGreaterThan(0);
    expect(response?.headers.get('content-type')).toMatch(/^application\/(problem\+)?json/);
    expect(more).toEqual([]);
  });
});

describe('a target in absolute form', () => {
  test.each(['http://[', 'http://[/nope', 'rtsp://x', `http://${'a'.repeat(9000)}/nope`])(
    '%s is not found',
    async (target) => {
      const { problem } = await sendForProblem(service.port, requestText(`GET ${target} HTTP/1.1`));
      expect(problem.code).toBe('not-found');
    },
  );

  test('that has no path has a response before its body', async () => {
    const length = { 'Content-Length': '10' };
    const { problem } = await sendForProblem(
      service.port,
      requestText('POST http://[ HTTP/1.1', length),
    );
    expect(problem.code).toBe('not-found');
  });
});

describe('invalid HTTP', () => {
  const chunked = (coding: string) =>
    requestText('GET /livez HTTP/1.1', { 'Transfer-Encoding': coding }, '0\r\n\r\n');

  test.each([
    ['garbage', 'hello there\r\n\r\n'],
    ['a TLS handshake', Buffer.from([0x16, 3, 1, 0, 5, 1, 2, 3, 4, 5])],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /livez HTTP/0.9\r\nHost: a\r\n\r\n'],
    ['HTTP/2.0', 'GET /livez HTTP/2.0\r\nHost: a\r\n\r\n'],
    ['a transfer coding', chunked('gzip, chunked')],
    ['a repeated transfer coding', chunked('chunked, chunked')],
    ['chunks in HTTP/1.0', chunked('chunked').replace('HTTP/1.1', 'HTTP/1.0')],
    ['no Host', 'GET /livez HTTP/1.1\r\n\r\n'],
    ['two Hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    [
      'an invalid Content-Length',
      requestText('POST /api/tasks HTTP/1.1', { 'Content-Length': 'x' }),
    ],
    [
      'both Content-Length and Transfer-Encoding',
      requestText('POST /api/tasks HTTP/1.1', {
        'Content-Length': '3',
        'Transfer-Encoding': 'chunked',
      }),
    ],
    ['a folded header', 'GET /livez HTTP/1.1\r\nHost: a\r\nX-Some: a\r\n b\r\nX bad: c\r\n\r\n'],
  ])('%s is malformed, and the connection is closed', async (_name, bytes) => {
    const { response, problem } = await sendForProblem(service.port, bytes);
    expect(problem.code).toBe('malformed-request');
    if (!/ host/i.test(_name)) expect(response.headers.get('connection')).toBe('close');
  });

  test('a page of any origin may read the response', async () => {
    const { response } = await sendForProblem(service.port, 'garbage\r\n\r\n');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toBe('X-Request-Id');
  });

  test.each([
    ['header', requestText('GET /livez HTTP/1.1', { 'X-Large': 'a'.repeat(300_000) })],
    ['address', get(`/livez?${'a'.repeat(300_000)}`)],
  ])('a too large %s is malformed, and the response arrives', async (_name, bytes) => {
    const { problem } = await sendForProblem(service.port, bytes);
    expect(problem).toMatchObject({
      code: 'malformed-request',
      detail: 'The request headers are too large',
    });
  });

  test('a rejected connection is logged with the request id of its response', async () => {
    const { problem } = await sendForProblem(service.port, 'nonsense\r\n\r\n');
    expect(service.log.filter((line) => line.includes(problem.request_id))).toHaveLength(1);
  });

  test('a rejected connection is closed, whether or not the client closes it', async () => {
    const socket = connect({ port: service.port, host: '127.0.0.1', allowHalfOpen: true });
    const failed = new Promise((resolve) => socket.once('error', resolve));
    socket.resume().write('garbage\r\n\r\n');
    await once(socket, 'end');
    const timer = setInterval(() => socket.write('x'), 100);
    await failed;
    clearInterval(timer);
    socket.destroy();
  });

  test('two Authorization headers are malformed, equal or not', async () => {
    for (const second of [`Bearer ${token}`, 'Bearer x']) {
      const bytes = `GET /api/me HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nauthorization: ${second}\r\n\r\n`;
      const { problem } = await sendForProblem(service.port, bytes);
      expect(problem.detail).toBe('There is more than one Authorization header');
    }
  });

  test('an unknown expectation is ignored', async () => {
    const bytes = requestText('GET /livez HTTP/1.1', { Expect: 'nonsense' });
    expect((await sendRaw(service.port, bytes))[0]?.status).toBe(200);
  });

  test('HTTP/1.0 does not require Host, and the connection is closed', async () => {
    const [response] = await sendRaw(service.port, 'GET /livez HTTP/1.0\r\n\r\n', { responses: 2 });
    expect(response?.status).toBe(200);
    expect(response?.headers.get('connection')).toBe('close');
  });
});
