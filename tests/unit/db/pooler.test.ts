import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectionOptions } from '../../../src/db/connection/connection-options.ts';
import { probeServer } from '../../../src/db/connection/pooler.ts';

/** PgBouncer has one SQLSTATE for start-up parameters that it does not support and for databases that it does not know. */
const refusal = Buffer.from('SFATAL\0C08P01\0Mno such database: d\0\0');

test('a pooler that also refuses a connection without start-up parameters is reported with its reason', async () => {
  const length = Buffer.alloc(4);
  length.writeInt32BE(length.length + refusal.length);
  const server = createServer((socket) => {
    socket.once('data', () => socket.end(Buffer.concat([Buffer.from('E'), length, refusal])));
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const options = await connectionOptions(`postgres://u@127.0.0.1:${port}/d?sslmode=disable`);
  await expect(probeServer(options)).rejects.toThrow(
    `DATABASE_URL: cannot connect to 127.0.0.1:${port} as u: no such database: d`,
  );
});
