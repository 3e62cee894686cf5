import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { withoutPort } from '../../../../src/net/client-network.ts';

/** The request header in which Better Auth finds the client's IP address. A value that the client sends is overwritten. */
export const CLIENT_ADDRESS_HEADER = 'x-client-address';

/**
 * Sets {@link CLIENT_ADDRESS_HEADER} in every request. Neither Next.js nor Better Auth knows the address of the connection, and a
 * client can forge `X-Forwarded-For` unless a proxy sets it.
 *
 * @param behindProxy whether to put the addresses from `X-Forwarded-For` first; Better Auth then skips those of trusted proxies
 */
export function setClientAddressHeaders(behindProxy: boolean): void {
  // Node.js publishes a request on this channel before the server handles it.
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[CLIENT_ADDRESS_HEADER] = clientAddress(request, behindProxy);
  });
}

/** The addresses that a request came through, the nearest last; empty if there is none, as for a Unix socket. */
function clientAddress({ headers, socket }: IncomingMessage, behindProxy: boolean): string {
  const nearest = socket.remoteAddress?.replace(/%.*$/, '') ?? '';
  const forwarded = behindProxy ? headers['x-forwarded-for'] : undefined;
  if (forwarded === undefined) return nearest;
  const addresses = String(forwarded)
    .split(',')
    .map((text) => withoutPort(text.trim()));
  return [...addresses, nearest].join(', ');
}
