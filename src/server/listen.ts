import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { MessageClasses } from '../http/message-classes.ts';
import { createServer } from '../http/node-http.ts';
import type { Observer } from '../telemetry/finished-request.ts';
import { handleClientErrors } from './client-errors.ts';
import { trackConnections, type ConnectionLimits, type Connections } from './connections.ts';
import { descriptorLimit } from './descriptor-limit.ts';

/** The number of file descriptors reserved for the database, files and pipes. */
const OTHER_DESCRIPTORS = 100;
const MAX_CONNECTIONS = 10_000;
/**
 * The number of connections that wait in the operating system, at most; Linux allows 4096 by default. It drops further ones, whose
 * clients repeat their packets after 1, 3, 7, … seconds.
 */
const BACKLOG = 4096;

const defaultLimits = () => {
  const descriptors = descriptorLimit();
  const maxConnections = Math.min(
    MAX_CONNECTIONS,
    Math.max(descriptors - OTHER_DESCRIPTORS, Math.floor(descriptors / 2)),
  );
  return {
    maxConnections,
    maxPerAddress: Math.ceil(maxConnections / 2),
    maxUnsentBytes: 128 * 1024 * 1024,
    lingerBytes: 1024 * 1024,
    lingerMs: 2_000,
    /** The time to receive a request, in milliseconds. */
    requestTimeoutMs: 10_000,
    /** The time without progress after which the connection of a response is closed, in milliseconds. */
    writeTimeoutMs: 30_000,
  } satisfies ConnectionLimits & Record<string, number>;
};

export type ServerLimits = ReturnType<typeof defaultLimits>;

interface Options {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  readonly log: Logger;
  readonly messageClasses?: MessageClasses;
  /** Whether an address is that of a trusted proxy, which has the connections of many clients. */
  readonly isTrusted?: (address: string) => boolean;
  /** Other limits than the defaults. */
  readonly limits?: Partial<ServerLimits>;
  /** Called for each request that is rejected because it is not valid HTTP. */
  readonly observe?: Observer | undefined;
}

export interface HttpServer {
  readonly port: number;
  /** The number of open connections. */
  readonly connections: number;
  /**
   * Disables keep-alive for pending and later responses (`Connection: close`). Otherwise clients and proxies would send their
   * next request on a connection that is about to be closed.
   */
  disableKeepAlive(): void;
  /** Stops listening, drains in-flight requests for up to `drainSeconds`, then closes all connections. */
  close(drainSeconds: number): Promise<void>;
}

/**
 * Starts the HTTP server, with its limits.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  listener: RequestListener,
  {
    host,
    port,
    log,
    messageClasses = {},
    isTrusted = () => false,
    limits: given = {},
    observe,
  }: Options,
): Promise<HttpServer> {
  const limits = { ...defaultLimits(), ...given };
  const server = createServer({
    ...messageClasses,
    // normalizeRequest rejects a missing Host with a problem.
    requireHostHeader: false,
    headersTimeout: limits.requestTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    // The default interval of 30 s would detect these timeouts late.
    connectionsCheckingInterval: Math.min(1_000, limits.requestTimeoutMs / 2),
    // Longer than the usual 60 s of proxies, so that a proxy does not reuse a connection that is being closed.
    keepAliveTimeout: 65_000,
  });
  // While a request is served, only the response can make progress, and serving it takes less time.
  server.timeout = limits.writeTimeoutMs;
  const connections = trackConnections(server, listener, isTrusted, limits);
  // Called by `server.close`. The method of Node.js also closes connections whose response is complete, but not sent completely.
  server.closeIdleConnections = connections.closeIdle;
  server.on('request', connections.serve);
  // Expectations other than 100-continue may be ignored (RFC 9110, section 10.1.1).
  server.on('checkExpectation', connections.serve);
  // readBody sends 100 Continue.
  server.on('checkContinue', connections.serve);
  handleClientErrors(server, log, connections, limits, observe);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections.count;
    },
    disableKeepAlive: () => {
      connections.disableKeepAlive();
    },
    close: async (drainSeconds) => {
      connections.disableKeepAlive();
      await receiveArrivals(connections);
      await close(server, drainSeconds);
    },
  };
}

/**
 * Waits until the process has accepted the connections, and read the requests, that the operating system has received for it.
 * Closing would reset them.
 */
async function receiveArrivals(connections: Connections): Promise<void> {
  let before;
  let turns = 0;
  do {
    before = connections.arrivals;
    await nextTurn();
    await nextTurn();
  } while (connections.arrivals !== before && ++turns < 100);
}

async function close(server: Server, drainSeconds: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  const drained = new AbortController();
  await Promise.race([
    closed,
    delay(drainSeconds * 1000, undefined, { signal: drained.signal }).catch(() => undefined),
  ]);
  drained.abort();
  server.closeAllConnections();
  await closed;
}
