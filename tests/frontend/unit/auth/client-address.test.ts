import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import {
  CLIENT_ADDRESS_HEADER,
  tellClientAddresses,
} from '../../../../frontend/app/lib/auth/client-address.ts';

/** What a server is told about where a request comes from. */
async function toldOf(headers: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    response.end(request.headers[CLIENT_ADDRESS_HEADER]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`, { headers });
  const told = await response.text();
  server.close();
  return told;
}

const forged = { [CLIENT_ADDRESS_HEADER]: '192.0.2.1', 'X-Forwarded-For': '192.0.2.2' };

test('a client is where its connection comes from, and a proxy is believed only when it is to be', async () => {
  tellClientAddresses(false);
  expect(await toldOf({})).toBe('127.0.0.1');
  expect(await toldOf(forged)).toBe('127.0.0.1');
  // From now on; the last one to tell is heard.
  tellClientAddresses(true);
  expect(await toldOf({})).toBe('127.0.0.1');
  expect(await toldOf(forged)).toBe('192.0.2.2, 127.0.0.1');
});
