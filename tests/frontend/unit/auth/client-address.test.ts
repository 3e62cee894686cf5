import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import {
  CLIENT_ADDRESS_HEADER,
  setClientAddressHeaders,
} from '../../../../frontend/app/lib/auth/client-address.ts';

/** The value of the header that the server sees. */
async function headerOf(headers: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    response.end(request.headers[CLIENT_ADDRESS_HEADER]);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}`, { headers });
  const header = await response.text();
  server.close();
  return header;
}

const forged = { [CLIENT_ADDRESS_HEADER]: '192.0.2.1', 'X-Forwarded-For': '192.0.2.2' };

test('the client address is that of the connection, and X-Forwarded-For counts only behind a proxy', async () => {
  setClientAddressHeaders(false);
  expect(await headerOf({})).toBe('127.0.0.1');
  expect(await headerOf(forged)).toBe('127.0.0.1');
  // The subscriber that was added last overwrites the header.
  setClientAddressHeaders(true);
  expect(await headerOf({})).toBe('127.0.0.1');
  expect(await headerOf(forged)).toBe('192.0.2.2, 127.0.0.1');
  // Better Auth would take none of the addresses.
  const withPorts = { 'X-Forwarded-For': '192.0.2.3:4567, [2001:db8::1]:4567' };
  expect(await headerOf(withPorts)).toBe('192.0.2.3, 2001:db8::1, 127.0.0.1');
});
