import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { cancelStatement } from '../../../src/db/connection/cancel.ts';
import { createClient } from '../../../src/db/connection/client.ts';
import { connectionOptions } from '../../../src/db/connection/connection-options.ts';
import { unusedPort } from '../../support/unused-port.ts';

/** Cancels a statement on a server that is reached with the parameters of a URL. */
async function cancelOn(port: number, changes: object = {}): Promise<void> {
  const options = await connectionOptions(`postgres://user@127.0.0.1:${port}/db?sslmode=disable`);
  const client = Object.assign(createClient(options), { processID: 1, secretKey: 2 });
  await cancelStatement(client, { ...options, ...changes }, AbortSignal.timeout(5_000));
}

/** Starts a server that resets each connection. */
async function resettingServer(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = createServer((socket) => socket.resetAndDestroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}

// A rejection would end the process.
test('cancelling succeeds also if the server refuses or resets the connection', async () => {
  await expect(cancelOn(await unusedPort())).resolves.toBeUndefined();
  await using server = await resettingServer();
  await expect(cancelOn(server.port)).resolves.toBeUndefined();
  await expect(cancelOn(server.port, { ssl: true })).resolves.toBeUndefined();
});
