import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { readBody } from '../../src/http/body.ts';
import { listen, type HttpServer, type ServerLimits } from '../../src/server/listen.ts';
import { requestText, sendRaw } from '../support/raw-socket.ts';

const MB = 1024 * 1024;
const log = pino({ level: 'silent' });
const servers: HttpServer[] = [];
const sockets: Socket[] = [];
const EMPTY = { 'Content-Length': 0 };
/** The number of requests for `/large`. */
let large = 0;
/** Ends the response to the oldest `GET /held`. */
const held: (() => void)[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(servers.splice(0).map((server) => server.close(0)));
  held.length = 0;
  large = 0;
});

const listener: RequestListener = (request, response) => {
  switch (request.url) {
    case '/held':
      held.push(() => response.end('held'));
      return;
    case '/large':
      large++;
      response.end(Buffer.alloc(20 * MB));
      return;
    case '/read':
      readBody(request, response, new Set(['application/json'])).then(
        () => response.writeHead(201, EMPTY).end(),
        () => response.writeHead(413, EMPTY).end(),
      );
      return;
    case undefined:
    default:
      response.writeHead(401, EMPTY).end();
  }
};

async function serve(limits: Partial<ServerLimits> = {}): Promise<HttpServer> {
  const server = await listen(listener, { host: '127.0.0.1', port: 0, log, limits });
  servers.push(server);
  return server;
}

function open({ port }: HttpServer, bytes = '', localAddress = '127.0.0.1'): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  // The tests wait until a connection has ended, with or without an error.
  socket.on('error', () => undefined).write(bytes);
  return socket;
}

const get = (path: string) => requestText(`GET ${path} HTTP/1.1`);
const post = (path: string, headers: Record<string, string>, body = '') =>
  requestText(`POST ${path} HTTP/1.1`, { 'Content-Type': 'application/json', ...headers }, body);
const statusesOf = (responses: { status: number }[]) => responses.map(({ status }) => status);
/** Resolves also after an error, unlike `once`. */
const closeOf = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
const responseTo = async (socket: Socket) => String((await once(socket, 'data'))[0]);

describe('responses are in order', () => {
  const POST = post('/read', { 'Content-Length': '2' }, '{}');

  test.each([
    ['a request', POST, [201, 400]],
    ['several requests', POST.repeat(3), [201, 201, 201, 400]],
  ])('the response to garbage follows that to %s before it', async (_name, bytes, statuses) => {
    const { port } = await serve();
    const responses = await sendRaw(port, `${bytes}garbage\r\n\r\n`, { responses: Infinity });
    expect(statusesOf(responses)).toEqual(statuses);
  });

  test('a request with an invalid body does not overtake the one before it', async () => {
    const { port } = await serve();
    const invalid = post('/read', { 'Transfer-Encoding': 'chunked' }, 'zz\r\n');
    const responses = await sendRaw(port, POST + invalid, { responses: Infinity });
    expect(statusesOf(responses)).toEqual([201, 400]);
  });

  test('a request is served when the one before it has its response', async () => {
    const socket = open(await serve(), get('/held').repeat(2));
    await expect.poll(() => held.length).toBe(1);
    held.shift()?.();
    expect(await responseTo(socket)).toContain('held');
    await expect.poll(() => held.length).toBe(1);
  });

  test('a connection ends if more than 1,000 requests wait for the responses before them', async () => {
    const server = await serve();
    await closeOf(open(server, get('/held') + get('/').repeat(1_001)));
    expect(held).toHaveLength(1);

    const within = sendRaw(server.port, get('/held') + get('/').repeat(1_000), {
      responses: 1_001,
    });
    await expect.poll(() => held.length).toBe(2);
    held[1]?.();
    expect(statusesOf(await within)).toEqual([200, ...Array<number>(1_000).fill(401)]);
  });
});

describe('a body after its response', () => {
  test('that does not end in time ends the connection', async () => {
    const { port } = await serve({ lingerMs: 50 });
    const responses = await sendRaw(port, post('/', { 'Content-Length': '9' }, 'x'), {
      responses: Infinity,
    });
    expect(statusesOf(responses)).toEqual([401]);
  });

  test.each([
    ['a length', { 'Content-Length': String(1000 * MB) }],
    ['chunks', { 'Transfer-Encoding': 'chunked' }],
  ])('with %s is read up to a limit', async (_name, headers) => {
    const server = await serve({ lingerMs: 60_000 });
    const socket = open(server, post('/', headers));
    expect(await responseTo(socket)).toMatch(/^HTTP\/1.1 401/);
    const chunk = `${MB.toString(16)}\r\n${'x'.repeat(MB)}\r\n`;
    let sent = 0;
    const sendMore = () => {
      while (sent++ < 100 && socket.write(chunk));
    };
    socket.on('drain', sendMore);
    sendMore();
    await closeOf(socket);
    expect(sent).toBeLessThan(100);
  });

  test('that is longer than the limit is not read, and the response has Connection: close', async () => {
    const socket = open(await serve(), post('/', { 'Content-Length': String(2 * MB) }));
    expect(await responseTo(socket)).toContain('Connection: close');
    await once(socket, 'end');
  });

  test('that ends in time leaves the connection usable', async () => {
    const { port } = await serve();
    const large = `20000\r\n${'x'.repeat(0x20000)}\r\n0\r\n\r\n`;
    const bytes = post('/read', { 'Transfer-Encoding': 'chunked' }, large) + get('/');
    expect(statusesOf(await sendRaw(port, bytes, { responses: 2 }))).toEqual([413, 401]);
  });

  test('that ends in time leaves no listener on a connection that is kept alive', async () => {
    const warnings: string[] = [];
    const note = ({ name }: Error) => warnings.push(name);
    process.on('warning', note);
    try {
      const socket = open(await serve());
      for (let count = 0; count < 15; count++) {
        socket.write(post('/', { 'Content-Length': '9' }, 'x'));
        expect(await responseTo(socket)).toContain('401');
        socket.write('12345678');
      }
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', note);
    }
  });
});

test('a body has to arrive in time', async () => {
  const { port } = await serve({ requestTimeoutMs: 1_500 });
  const [response] = await sendRaw(port, post('/read', { 'Content-Length': '9' }, 'x'));
  expect(response?.body).toMatchObject({ detail: 'Timed out while receiving the request' });
});

test('a connection on which no request arrives is closed without a response', async () => {
  const socket = open(await serve({ requestTimeoutMs: 100 }));
  const received: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => received.push(bytes));
  await closeOf(socket);
  expect(received).toEqual([]);
});

describe('a response', () => {
  test('that the client does not read ends the connection', async () => {
    const socket = open(await serve({ writeTimeoutMs: 1_000 }), get('/large'));
    socket.pause();
    let received = 0;
    socket.on('data', (bytes: Buffer) => (received += bytes.length));
    socket.pause();
    await expect.poll(() => large).toBe(1);
    // The connection is closed while nothing is read, but the client notices only afterwards.
    await expect.poll(() => servers[0]?.connections).toBe(0);
    socket.resume();
    await closeOf(socket);
    expect(received).toBeLessThan(20 * MB);
  });

  test('that the client reads slowly is sent', async () => {
    const socket = open(await serve({ writeTimeoutMs: 1_000 }), get('/large'));
    let received = 0;
    socket.on('data', (bytes: Buffer) => {
      const before = received;
      received += bytes.length;
      if (Math.floor(before / MB) === Math.floor(received / MB)) return;
      socket.pause();
      setTimeout(() => socket.resume(), 100);
    });
    await expect.poll(() => received).toBeGreaterThan(20 * MB);
  });

  test('of many clients that do not read is bounded in memory', async () => {
    const server = await serve({ maxUnsentBytes: 50 * MB });
    for (let count = 0; count < 6; count++) open(server, get('/large')).pause();
    await expect.poll(() => large).toBe(6);
    await expect.poll(() => server.connections).toBeLessThan(4);
    expect(server.connections).toBeGreaterThan(0);
  });
});

describe('connections', () => {
  const isOpen = (socket: Socket) => !socket.destroyed;

  test('that are idle end first, when there are too many', async () => {
    const server = await serve({ maxConnections: 3 });
    const busy = open(server, get('/held'));
    await expect.poll(() => held.length).toBe(1);
    const silent = open(server);
    await expect.poll(() => server.connections).toBe(2);
    const used = open(server, get('/'));
    await responseTo(used);
    expect(await responseTo(open(server, get('/')))).toContain('401');
    await expect.poll(() => isOpen(silent)).toBe(false);
    expect([busy, used].map(isOpen)).toEqual([true, true]);
  });

  test('of one address do not end those of another', async () => {
    const server = await serve({ maxPerAddress: 2 });
    const other = open(server, get('/'), '127.0.0.2');
    await responseTo(other);
    const first = open(server, get('/'));
    await responseTo(first);
    for (let count = 0; count < 5; count++) await responseTo(open(server, get('/')));
    await expect.poll(() => isOpen(first)).toBe(false);
    expect(isOpen(other)).toBe(true);
    expect(server.connections).toBe(3);
  });

  test('that are new end, when no other is idle', async () => {
    const server = await serve({ maxConnections: 1 });
    open(server, get('/held'));
    await expect.poll(() => held.length).toBe(1);
    await closeOf(open(server, get('/')));
    expect(held).toHaveLength(1);
  });
});

describe('before it closes, a server', () => {
  test('sends Connection: close in each response, and leaves idle connections open', async () => {
    const server = await serve();
    const idle = open(server, get('/'));
    const used = open(server, get('/'));
    await Promise.all([responseTo(idle), responseTo(used)]);
    server.disableKeepAlive();
    used.write(get('/'));
    expect(await responseTo(used)).toContain('Connection: close');
    await once(used, 'end');
    expect(idle.destroyed).toBe(false);
    await server.close(0);
    await closeOf(idle);
  });

  test('serves the requests that have already arrived', async () => {
    const server = await serve();
    const idle = open(server, get('/'));
    await responseTo(idle);
    const fresh = Array.from({ length: 20 }, () => open(server, get('/')));
    idle.write(get('/'));
    const responses = Promise.all([idle, ...fresh].map(responseTo));
    await Promise.all(fresh.map((socket) => once(socket, 'connect')));
    await server.close(1);
    for (const response of await responses) expect(response).toContain('401');
  });

  test('sends a response completely to a client that reads it only later', async () => {
    const server = await serve();
    const socket = open(server, get('/large'));
    let received = 0;
    socket.on('data', (bytes: Buffer) => (received += bytes.length)).pause();
    await expect.poll(() => large).toBe(1);
    setTimeout(() => socket.resume(), 100);
    await server.close(10);
    await closeOf(socket);
    expect(received).toBeGreaterThan(20 * MB);
  });
});
