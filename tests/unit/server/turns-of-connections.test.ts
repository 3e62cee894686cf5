import { connect } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../src/server/listen.ts';
import { requestText } from '../../support/raw-socket.ts';

const log = pino({ level: 'silent' });

test('the pipelined requests of a connection are served in different turns of the event loop', async () => {
  const COUNT = 100;
  let turn = 0;
  const turns: number[] = [];
  let timer = setImmediate(function next() {
    turn++;
    timer = setImmediate(next);
  });
  onTestFinished(() => {
    clearImmediate(timer);
  });
  const server = await listen(
    (_request, response) => {
      turns.push(turn);
      response.end();
    },
    { host: '127.0.0.1', port: 0, log },
  );
  const socket = connect(server.port, '127.0.0.1');
  socket.resume().write(requestText('GET /livez HTTP/1.1').repeat(COUNT));
  await expect.poll(() => turns.length).toBe(COUNT);
  expect(new Set(turns).size).toBeGreaterThan(COUNT / 2);
  socket.destroy();
  await server.close(0);
});

test('a body of short chunks that nobody reads ends the connection', async () => {
  const server = await listen(
    (_request, response) => {
      response.writeHead(401, { 'Content-Length': 0 }).end();
    },
    { host: '127.0.0.1', port: 0, log, limits: { lingerMs: 600_000 } },
  );
  const socket = connect(server.port, '127.0.0.1').on('error', () => undefined);
  const head = requestText('POST / HTTP/1.1', { 'Transfer-Encoding': 'chunked' });
  socket.resume().write(head + '1\r\na\r\n'.repeat(30_000));
  await new Promise((resolve) => socket.once('close', resolve));
  await server.close(0);
});
