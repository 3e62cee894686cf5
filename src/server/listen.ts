import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
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
/** How long a stopping server waits for a turn of the event loop without arrivals, in milliseconds. */
const MAX_RECEIVE_MS = 1_000;
/** In milliseconds; an idle turn takes a tenth of this. */
const SHORT_TURN_MS = 0.2;

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
  // `server.close` calls it before it closes the listening socket. Until then, connections would arrive, which are reset. The
  // method of Node.js also closes connections whose response is complete, but not sent completely.
  server.closeIdleConnections = () => undefined;
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
      await close(server, connections, drainSeconds);
    },
  };
}

async function close(
  server: Server,
  connections: Connections,
  drainSeconds: number,
): Promise<void> {
  const closed = once(server, 'close');
  // The first call of `close` takes longer, because Node.js compiles it; connections that arrive in that time would be reset.
  createServer({}).close();
  await afterArrivals(connections, () => server.close());
  await afterArrivals(connections, connections.closeIdle);
  const drained = new AbortController();
  await Promise.race([
    closed,
    delay(drainSeconds * 1000, undefined, { signal: drained.signal }).catch(() => undefined),
  ]);
  drained.abort();
  connections.closeAll();
  await closed;
}

/**
 * Calls a function that closes sockets, when the process has accepted the connections and read the requests that the operating system
 * has received for it: closing resets them. Calls it after a short turn of the event loop, because what arrives during that turn
 * is reset as well.
 */
function afterArrivals(connections: Connections, closeSockets: () => void): Promise<void> {
  return new Promise((resolve) => {
    const end = performance.now() + MAX_RECEIVE_MS;
    const nextTurn = () => {
      const { arrivals } = connections;
      const start = performance.now();
      setImmediate(() => {
        const now = performance.now();
        const isQuiet = connections.arrivals === arrivals && now - start < SHORT_TURN_MS;
        if (!isQuiet && now < end) {
          nextTurn();
        } else {
          closeSockets();
          resolve();
        }
      });
    };
    // The current turn may be past its input.
    setImmediate(nextTurn);
  });
}
