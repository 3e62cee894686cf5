import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { listen } from '../../../src/server/listen.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { startTestProcess } from '../../support/process.ts';
import { requestText } from '../../support/raw-socket.ts';

const CONNECT = requestText('CONNECT example.com:443 HTTP/1.1');
const MB = 1024 * 1024;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Sends bytes on a connection of its own, which is closed at the end of the test. */
function send(port: number, bytes: string) {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
  });
  socket.write(bytes);
  return socket;
}

test('a client that resets its connection after CONNECT does not end the service', async () => {
  const service = await startTestProcess({ DATABASE_URL: database.url });
  const { port } = new URL(service.url);
  // Some of the resets arrive before the response is written, and some after it.
  for (const delay of [0, 1, 5, 20, 50]) {
    const socket = send(Number(port), CONNECT);
    await sleep(delay);
    socket.resetAndDestroy();
  }
  await sleep(50);
  expect((await fetch(`${service.url}/livez`)).status).toBe(200);
  expect(await service.end('SIGTERM')).toBe(0);
});

test('a client that does not read, and has sent CONNECT, is disconnected in time and at the stop', async () => {
  let requests = 0;
  const start = (writeTimeoutMs: number) =>
    listen(
      (_request, response) => {
        requests++;
        response.end(Buffer.alloc(20 * MB));
      },
      { host: '127.0.0.1', port: 0, log: pino({ level: 'silent' }), limits: { writeTimeoutMs } },
    );
  const bytes = requestText('GET / HTTP/1.1') + CONNECT;

  const impatient = await start(1_000);
  send(impatient.port, bytes).pause();
  await expect.poll(() => requests).toBe(1);
  await expect.poll(() => impatient.connections).toBe(0);
  await impatient.close(0);

  const patient = await start(600_000);
  send(patient.port, bytes).pause();
  await expect.poll(() => requests).toBe(2);
  // Resolves when all connections are closed.
  await patient.close(0);
});
