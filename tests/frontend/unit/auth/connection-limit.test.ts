import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { limitConnections } from '../../../../frontend/app/lib/auth/connection-limit.ts';

test('closes the connections that a client opens beyond the limit', async () => {
  onTestFinished(limitConnections(2));
  const server = createServer((_request, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const event = await Promise.race([
      once(socket, 'data').then(() => 'accepted'),
      once(socket, 'close').then(() => 'closed'),
    ]);
    return { socket, event };
  };
  const [one, two] = [await open(), await open()];
  expect([one.event, two.event, (await open()).event]).toEqual(['accepted', 'accepted', 'closed']);
  one.socket.destroy();
  await expect.poll(async () => (await open()).event).toBe('accepted');
  two.socket.destroy();
  server.closeAllConnections();
  server.close();
});
