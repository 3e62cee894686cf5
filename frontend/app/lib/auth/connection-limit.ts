import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { clientNetwork } from '../../../../src/net/client-network.ts';

/** The channel on which Node.js publishes each connection that it has accepted. Next.js has no setting for the limit. */
const CHANNEL = 'net.server.socket';

/** Less than half of the number of files that a process can usually open. A browser opens six connections to a host. */
const MAX_PER_CLIENT = 5000;

/**
 * Closes the connections that a client opens beyond a limit, so that one client cannot use up the files that this process can open.
 *
 * @returns a function that ends the limit
 */
export function limitConnections(maxPerClient = MAX_PER_CLIENT): () => void {
  const open = new Map<string, number>();
  const limit = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    const client = clientNetwork(socket.remoteAddress);
    const count = (open.get(client) ?? 0) + 1;
    if (count > maxPerClient) {
      socket.destroy();
      return;
    }
    open.set(client, count);
    socket.once('close', () => {
      const rest = (open.get(client) ?? 1) - 1;
      if (rest === 0) open.delete(client);
      else open.set(client, rest);
    });
  };
  subscribe(CHANNEL, limit);
  return () => {
    unsubscribe(CHANNEL, limit);
  };
}
