import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from '../../src/commands/free-port.ts';

const HOST = '127.0.0.1';
const free = (wanted: string) => freePort('port', wanted, HOST, 'choose another one');

test('0 returns a free port', async () => {
  const port = await free('0');
  expect(port).toBeGreaterThan(1023);
  expect(await free(String(port))).toBe(port);
});

test('a port in use is rejected with the hint', async () => {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(free(String(port))).rejects.toThrow(`port: ${port} is in use; choose another one`);
  server.close();
  await once(server, 'close');
});

test.each(['http', '', '-1', '8.0', '65536', '999999'])('%j is not a port', async (wanted) => {
  await expect(free(wanted)).rejects.toThrow(/^port: .*65535/);
});
