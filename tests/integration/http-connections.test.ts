import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
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

describe('connections', () => {
  const post = (headers: Record<string, string>, body = '') =>
    requestText(
      'POST /api/tasks HTTP/1.1',
      { 'Content-Type': 'application/json', ...headers },
      body,
    );

  test('stay usable after errors with small bodies', async () => {
    const authorized = { Authorization: `Bearer ${token}` };
    const body = '{"title": ';
    const length = { 'Content-Length': String(body.length) };
    const responses = await sendRaw(
      service.port,
      [
        post(length, body),
        post({ ...authorized, ...length }, body),
        post({ ...authorized, ...length, 'Content-Type': 'text/plain' }, body),
        requestText('DELETE /api/tasks HTTP/1.1', length, body),
        requestText('POST /nope HTTP/1.1', length, body),
        requestText('GET /%ff HTTP/1.1'),
        requestText('GET /api/me HTTP/1.1', authorized),
      ].join(''),
      { responses: 7 },
    );
    expect(responses.map(({ status }) => status)).toEqual([401, 400, 415, 405, 404, 400, 200]);
  });

  test('a too large body is rejected before it is sent', async () => {
    const { problem } = await sendForProblem(
      service.port,
      post({ Authorization: `Bearer ${token}`, 'Content-Length': '10000000000' }),
    );
    expect(problem.code).toBe('body-too-large');
  });

  test('without a valid token, the body is not read', async () => {
    for (const authorization of [{}, { Authorization: 'Bearer x.y.z' }]) {
      const { problem } = await sendForProblem(
        service.port,
        post({ 'Content-Length': '1000', ...authorization }),
      );
      expect(problem.status).toBe(401);
    }
  });

  test('100 Continue is sent only when the body is about to be read', async () => {
    const expecting = { Expect: '100-continue', 'Content-Length': '16' };
    const authorized = { Authorization: `Bearer ${token}` };
    const [refused] = await sendRaw(service.port, post(expecting));
    expect(refused?.status).toBe(401);
    const length = { 'Content-Length': '9999999' };
    const [tooLarge] = await sendRaw(
      service.port,
      post({ ...expecting, ...authorized, ...length }),
    );
    expect(tooLarge?.status).toBe(413);
    const [interim] = await sendRaw(service.port, post({ ...expecting, ...authorized }));
    expect(interim?.statusLine).toBe('HTTP/1.1 100 Continue');
  });

  test('100 Continue is not sent to a client of HTTP/1.0, which would take it for the response', async () => {
    const body = '{"title": "Buy milk"}';
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      Expect: '100-continue',
    };
    const [first] = await sendRaw(
      service.port,
      requestText('POST /api/tasks HTTP/1.0', headers, body),
    );
    expect(first?.statusLine).toBe('HTTP/1.1 201 Created');
  });

  test('many slow bodies of one client do not stop another', async () => {
    const sockets = Array.from({ length: 260 }, () => {
      const socket = connect(service.port, '127.0.0.1').on('error', () => undefined);
      socket.write(post({ Authorization: `Bearer ${token}`, 'Content-Length': '9' }, '{'));
      return socket;
    });
    const other = createClient(service.url, await tokenOf('bob'));
    const statuses = new Set<number>();
    // The limit is measured four times a second.
    for (let request = 0; request < 25; request++) {
      statuses.add((await other.get('/api/me')).status);
      await sleep(50);
    }
    for (const socket of sockets) socket.destroy();
    expect([...statuses]).toEqual([200]);
  });

  test('an incomplete body is not logged as a server error', async () => {
    const id = 'incomplete';
    const socket = connect(service.port, '127.0.0.1');
    socket.write(
      post({ Authorization: `Bearer ${token}`, 'Content-Length': '9', 'X-Request-Id': id }, '{'),
    );
    const lines = () => service.log.filter((line) => line.includes(id));
    // The body can only be interrupted once the service reads it.
    await client.get('/livez');
    socket.destroy();
    await expect.poll(lines).toHaveLength(1);
    await client.get('/livez');
    expect(lines()).toEqual([expect.stringContaining('"aborted":true')]);
  });
});
