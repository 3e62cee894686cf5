import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { handleClientErrors } from './client-errors.ts';

export interface HttpServer {
  readonly port: number;
  /** Stops listening, drains in-flight requests for up to `drainSeconds`, then closes all connections. */
  close(drainSeconds: number): Promise<void>;
}

/**
 * Starts the HTTP server, with its timeouts.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  log: Logger,
): Promise<HttpServer> {
  const server = createServer({
    // normalizeRequest rejects a missing Host with a problem.
    requireHostHeader: false,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // The default interval of 30 s would detect these timeouts late.
    connectionsCheckingInterval: 1_000,
    // Longer than the usual 60 s of proxies, so that a proxy does not reuse a connection that is being closed.
    keepAliveTimeout: 65_000,
  });
  const keepAlive = keepAliveSwitch();
  server.on('request', keepAlive.track);
  server.on('request', listener);
  // Expectations other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', keepAlive.track);
  server.on('checkExpectation', listener);
  // readBody sends 100 Continue.
  server.on('checkContinue', keepAlive.track);
  server.on('checkContinue', listener);
  handleClientErrors(server, log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (drainSeconds) => {
      keepAlive.disable();
      return close(server, drainSeconds);
    },
  };
}

/**
 * Disables keep-alive for pending and later responses (`Connection: close`). Otherwise clients and proxies would send their
 * next request on a connection that is about to be closed.
 */
function keepAliveSwitch(): { track: RequestListener; disable(): void } {
  const pending = new Set<ServerResponse>();
  let disabled = false;
  return {
    track: (_request, response) => {
      if (disabled) response.shouldKeepAlive = false;
      pending.add(response);
      response.once('close', () => pending.delete(response));
    },
    disable: () => {
      disabled = true;
      for (const response of pending) response.shouldKeepAlive = false;
    },
  };
}

async function close(server: Server, drainSeconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const drained = new AbortController();
  await Promise.race([
    closed,
    delay(drainSeconds * 1000, undefined, { signal: drained.signal }).catch(() => undefined),
  ]);
  drained.abort();
  server.closeAllConnections();
  await closed;
}
