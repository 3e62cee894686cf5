import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connect, createClient, disconnect } from '../../../src/db/connection/client.ts';
import { connectionOptions } from '../../../src/db/connection/connection-options.ts';

/** A server that sends an authentication request, and collects what the client responds. */
async function startServer(request: Buffer) {
  const received: Buffer[] = [];
  const length = Buffer.alloc(4);
  length.writeInt32BE(length.length + request.length);
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write(Buffer.concat([Buffer.from('R'), length, request]));
      socket.on('data', (chunk: Buffer) => {
        received.push(chunk);
        socket.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, received };
}

test.each([
  ['no password', '\0\0\0\x00'],
  ['a password', '\0\0\0\x03'],
  ['an MD5 hash of the password', '\0\0\0\x05salt'],
  ['SCRAM without channel binding', '\0\0\0\x0aSCRAM-SHA-256\0\0'],
])('channel_binding=require sends nothing to a server that asks for %s', async (_name, request) => {
  const { port, received } = await startServer(Buffer.from(request));
  const url = `postgres://u:p@127.0.0.1:${port}/d?sslmode=disable&channel_binding=require`;
  const client = createClient(await connectionOptions(url));
  await expect(connect(client)).rejects.toThrow('the server does not offer channel binding');
  expect(received).toEqual([]);
});

test('a connection is destroyed if its server does not close it', async () => {
  const ready = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I');
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.once('data', () => socket.write(ready));
    onTestFinished(() => void socket.destroy());
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createClient(
    await connectionOptions(`postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`),
  );
  await connect(client);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const closed = disconnect(client);
  vi.advanceTimersByTime(1_000);
  expect(client.connection.stream.destroyed).toBe(true);
  await closed;
});
