import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { discardRest, hasBody } from '../http/unread-body.ts';
import { clientNetwork } from '../net/client-network.ts';
import { noteConnection } from '../turns/turns.ts';

const SWEEP_MS = 1_000;
/** The maximum number of requests of a connection that wait for the responses before them. */
const MAX_PIPELINED = 1_000;

export interface ConnectionLimits {
  /** The number of connections. */
  readonly maxConnections: number;
  /** The number of connections from one client address; those of trusted proxies are not counted. */
  readonly maxPerAddress: number;
  /** The number of bytes in responses that clients have not received yet. */
  readonly maxUnsentBytes: number;
  /** How much of a request body is read after its response, in bytes. */
  readonly lingerBytes: number;
  /** How long a request body is read after its response, in milliseconds. */
  readonly lingerMs: number;
}

interface Connection {
  readonly socket: Socket;
  /** Undefined for a trusted proxy. */
  readonly network: string | undefined;
  /** Requests without a complete response. The first one is being served, the others wait: responses are in order. */
  readonly pending: (readonly [IncomingMessage, ServerResponse])[];
  /** Called after the response to the last complete request; an incomplete request is not served. */
  afterLast?: () => void;
  /** The time since which a response has not been received completely. */
  unsentSince?: number;
  /** How many bytes had been received when it became idle. If there are more now, a request is arriving. */
  bytesWhenIdle?: number;
}

export interface Connections {
  /** Serves a request after the earlier ones of its connection. */
  readonly serve: RequestListener;
  /** Calls a function after the responses to all complete requests of a connection. Incomplete requests get no response. */
  afterResponses(socket: Socket, callback: () => void): void;
  /** Whether a request of the connection has no complete response yet. */
  isBusy(socket: Socket): boolean;
  /** Sets `Connection: close` on all further responses. */
  disableKeepAlive(): void;
  /** Closes the idle connections, and each of the others after its responses have been sent. */
  readonly closeIdle: () => void;
  /** Closes all connections at once, also those of CONNECT, which the server itself no longer knows. */
  closeAll(): void;
  /** The number of open connections. */
  readonly count: number;
  /** The number of connections and requests so far. */
  readonly arrivals: number;
}

/**
 * Tracks the connections of a server, and limits their number. If there are too many, the connection that has been idle for the
 * longest time is closed; if none is idle, the new one is closed. If clients leave too much data unread, the connections that
 * have been unread for the longest time are closed. A connection is also closed if too many of its requests wait.
 *
 * @param isTrusted whether an address is that of a trusted proxy
 */
export function trackConnections(
  server: Server,
  listener: RequestListener,
  isTrusted: (address: string) => boolean,
  limits: ConnectionLimits,
): Connections {
  /** In the order of their last use. */
  const connections = new Map<Socket, Connection>();
  const perNetwork = new Map<string, number>();
  let keepAlive = true;
  let isClosing = false;
  let arrivals = 0;

  server.on('connection', (socket: Socket) => {
    arrivals++;
    noteConnection();
    const { remoteAddress = '' } = socket;
    const network = isTrusted(remoteAddress) ? undefined : clientNetwork(remoteAddress);
    const connection: Connection = { socket, network, pending: [] };
    connections.set(socket, connection);
    // Node.js removes its own listener before it emits `connect`; without any, an error would end the process.
    socket.on('error', () => undefined);
    const count = network === undefined ? 0 : (perNetwork.get(network) ?? 0) + 1;
    if (network !== undefined) perNetwork.set(network, count);
    socket.once('close', () => {
      connections.delete(socket);
      if (network === undefined) return;
      const rest = (perNetwork.get(network) ?? 1) - 1;
      if (rest === 0) perNetwork.delete(network);
      else perNetwork.set(network, rest);
    });
    if (count > limits.maxPerAddress) endIdle((other) => other.network === network);
    else if (connections.size > limits.maxConnections) endIdle(() => true);
  });

  function endIdle(matches: (connection: Connection) => boolean): void {
    for (const connection of connections.values()) {
      if (connection.pending.length > 0 || !matches(connection)) continue;
      // The new connection is the last one.
      connection.socket.destroy();
      return;
    }
  }

  const sweep = setInterval(() => {
    const now = performance.now();
    let total = 0;
    const unsent: (Connection & { unsentSince: number })[] = [];
    for (const connection of connections.values()) {
      const { writableLength } = connection.socket;
      if (writableLength === 0) {
        delete connection.unsentSince;
      } else {
        total += writableLength;
        unsent.push(Object.assign(connection, { unsentSince: connection.unsentSince ?? now }));
      }
    }
    if (total <= limits.maxUnsentBytes) return;
    for (const { socket } of unsent.sort((a, b) => a.unsentSince - b.unsentSince)) {
      total -= socket.writableLength;
      socket.destroy();
      if (total <= limits.maxUnsentBytes) return;
    }
  }, SWEEP_MS).unref();
  server.once('close', () => {
    clearInterval(sweep);
  });

  function next(connection: Connection): void {
    const { pending, afterLast, socket } = connection;
    const [request] = pending.shift() ?? [];
    const [following] = pending;
    if (socket.destroyed) return;
    if (afterLast && !following?.[0].complete) {
      afterLast();
    } else if (following) {
      // In the next turn of the event loop, which a client could otherwise fill with its requests.
      setImmediate(() => {
        if (!socket.destroyed) listener(...following);
      });
    } else if (isClosing && request?.complete) {
      socket.destroySoon();
    } else {
      connection.bytesWhenIdle = socket.bytesRead;
      // It is now the one that was used last.
      connections.delete(socket);
      connections.set(socket, connection);
    }
  }

  return {
    serve(request, response) {
      arrivals++;
      const connection = connections.get(request.socket);
      if (!connection) return;
      if (connection.pending.length > MAX_PIPELINED) {
        request.socket.destroy();
        return;
      }
      if (!keepAlive) response.shouldKeepAlive = false;
      if (hasBody(request)) {
        // No operation takes such a body.
        if (Number(request.headers['content-length']) > limits.lingerBytes)
          response.shouldKeepAlive = false;
        // Before the listener of Node.js, which would read the rest of the body without a limit.
        response.prependOnceListener('finish', () => {
          discardRest(request, limits);
        });
      }
      response.once('close', () => {
        next(connection);
      });
      if (connection.pending.push([request, response]) === 1) listener(request, response);
    },
    afterResponses(socket, callback) {
      const connection = connections.get(socket);
      if (!connection?.pending[0]?.[0].complete) callback();
      else connection.afterLast = callback;
    },
    isBusy: (socket) => (connections.get(socket)?.pending.length ?? 0) > 0,
    disableKeepAlive() {
      keepAlive = false;
      for (const { pending } of connections.values())
        for (const [, response] of pending) response.shouldKeepAlive = false;
    },
    closeIdle() {
      isClosing = true;
      for (const { socket, pending, bytesWhenIdle } of connections.values())
        if (pending.length === 0 && bytesWhenIdle === socket.bytesRead) socket.destroy();
    },
    closeAll() {
      for (const { socket } of connections.values()) socket.destroy();
    },
    get count() {
      return connections.size;
    },
    get arrivals() {
      return arrivals;
    },
  };
}
