import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { refuseConnections } from './refusal.ts';

export interface HttpServer {
  readonly port: number;
  /** Takes no more connections, lets requests in flight finish for so many seconds, then ends them. */
  close(patienceSeconds: number): Promise<void>;
}

/** Listens for HTTP. Rejects with the error of `listen`, such as EADDRINUSE. */
export async function listen(
  listener: RequestListener,
  host: string,
  port: number,
  log: Logger,
): Promise<HttpServer> {
  const server = createServer({
    // A missing Host is refused further on, with a problem.
    requireHostHeader: false,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    // Else the two would be noticed half a minute late.
    connectionsCheckingInterval: 1_000,
    // Longer than proxies keep their idle connections, which is 60 seconds as a rule.
    keepAliveTimeout: 65_000,
  });
  const closer = connectionCloser();
  server.on('request', closer.watch);
  server.on('request', listener);
  // Expectations other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', closer.watch);
  server.on('checkExpectation', listener);
  // Whoever reads the body says so.
  server.on('checkContinue', closer.watch);
  server.on('checkContinue', listener);
  refuseConnections(server, log);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (patienceSeconds) => {
      closer.start();
      return close(server, patienceSeconds);
    },
  };
}

/**
 * Has all replies close their connections from its start on, those being made included. Else clients would keep them, and
 * meet a closed door at their next request.
 */
function connectionCloser(): { watch: RequestListener; start(): void } {
  const replies = new Set<ServerResponse>();
  let started = false;
  return {
    watch: (_request, response) => {
      if (started) response.shouldKeepAlive = false;
      replies.add(response);
      response.once('close', () => replies.delete(response));
    },
    start: () => {
      started = true;
      for (const response of replies) response.shouldKeepAlive = false;
    },
  };
}

async function close(server: Server, patienceSeconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const patience = new AbortController();
  await Promise.race([
    closed,
    delay(patienceSeconds * 1000, undefined, { signal: patience.signal }).catch(() => undefined),
  ]);
  patience.abort();
  server.closeAllConnections();
  await closed;
}
