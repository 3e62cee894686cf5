import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';

/** Where Better Auth finds the address of who is calling. Whatever a client writes there is replaced. */
export const CLIENT_ADDRESS_HEADER = 'x-client-address';

/**
 * Tells routes who is at the other end of a connection: neither Next nor Better Auth knows, and `X-Forwarded-For` is
 * what the client makes of it unless a proxy has seen to it.
 *
 * @param behindProxy whether what proxies say comes before, for Better Auth to skip those that it trusts
 */
export function tellClientAddresses(behindProxy: boolean): void {
  // Node tells of a request before the server hears of it.
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[CLIENT_ADDRESS_HEADER] = clientAddress(request, behindProxy);
  });
}

/** The addresses that a request came by, the nearest last; empty when there is none, as on a Unix socket. */
function clientAddress({ headers, socket }: IncomingMessage, behindProxy: boolean): string {
  const nearest = socket.remoteAddress?.replace(/%.*$/, '') ?? '';
  const forwarded = behindProxy ? headers['x-forwarded-for'] : undefined;
  return forwarded === undefined ? nearest : `${String(forwarded)}, ${nearest}`;
}
