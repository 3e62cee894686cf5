import type { Client } from 'pg';
import { throwIfGivenUp, untilGivenUp } from '../../deadlines/request-deadline.ts';
import { connect, disconnect } from '../connection/client.ts';

interface Options {
  /** Creates a client in pipeline mode that is not connected yet. */
  createClient: () => Client;
  /** Asks the server to end the statement that a client executes. The signal gives up. */
  cancel: (client: Client, signal: AbortSignal) => Promise<void>;
  /** Whether a connection can be used again after a statement failed on it. */
  isUsableAfter: (error: unknown) => boolean;
  /** Whether an error of a statement shows that the other connections have to be replaced as well. */
  affectsAllConnections: (error: unknown) => boolean;
  maxConnections: number;
  /** The maximum number of statements on a connection that have no result yet. */
  depth: number;
  /** The time after which a statement without a result is cancelled, in milliseconds. */
  cancelMs: number;
  /** How long to wait then for the end of the statement, in milliseconds. */
  graceMs: number;
  /** The time after which an idle connection is closed, in milliseconds; at the latest after twice this time. */
  idleTimeoutMs: number;
  /** The lifetime of a connection, in milliseconds, plus up to a fifth, so that connections are not replaced all at once. */
  maxAgeMs: number;
}

export interface Pipelines {
  /**
   * Sends a statement and returns its result. The caller runs at most `maxConnections` × `depth` at a time.
   *
   * @throws {Problem} unavailable, when the deadline of the request passes or its client leaves before the statement is sent
   * @throws what connecting or the statement throws
   */
  run<T>(statement: (client: Client) => Promise<T>): Promise<T>;
  /** The number of connections, including those that are being opened or closed. */
  count(): number;
  /** Closes all connections after their last results. Resolves when they are closed. */
  close(): Promise<void>;
  /** Destroys all sockets, including those that are still connecting, without waiting for the server. */
  destroy(): void;
}

const CLOSED = 'the database is closed';

interface Connection {
  readonly client: Client;
  readonly opened: Promise<void>;
  isOpen: boolean;
  /** A time of `performance.now()`. */
  readonly expiry: number;
  /** The number of statements without a result. */
  load: number;
  /** Whether it has run a statement since the last check. */
  used: boolean;
  /** Whether it accepts no more statements and is closed after the last result. */
  retired: boolean;
  /** Whether its statements are being cancelled. */
  givenUp: boolean;
}

/**
 * Sends statements on few connections without waiting for the results of the statements before, and writes all statements
 * of a turn of the event loop at once. Most of the CPU time of a short statement, on both sides, is spent on reading and
 * writing the socket. Each statement is still a transaction: an error does not affect the statements that follow.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 */
export function createPipelines({
  createClient,
  cancel,
  isUsableAfter,
  affectsAllConnections,
  maxConnections,
  depth,
  cancelMs,
  graceMs,
  idleTimeoutMs,
  maxAgeMs,
}: Options): Pipelines {
  /** All connections, including those that are being opened or closed. */
  const connections = new Set<Connection>();
  /** Those that have statements to write at the end of this turn. */
  const unwritten = new Set<Connection>();
  /** The connection that gets the next statement of this turn. */
  let current: Connection | undefined;
  /** Resolves when the next connection is closed. */
  let closed = Promise.withResolvers<undefined>();
  /** From now on, no connection is opened. */
  let isClosing = false;

  const idleCheck = setInterval(() => {
    for (const connection of connections) {
      if (!connection.used && connection.load === 0) retire(connection);
      connection.used = false;
    }
  }, idleTimeoutMs).unref();

  function open(): Connection {
    if (isClosing) throw new Error(CLOSED);
    const client = createClient();
    const connection: Connection = {
      client,
      opened: connect(client),
      isOpen: false,
      expiry: performance.now() + maxAgeMs * (1 + Math.random() / 5),
      load: 0,
      used: true,
      retired: false,
      givenUp: false,
    };
    const remove = () => {
      connection.retired = true;
      connections.delete(connection);
      closed.resolve(undefined);
      closed = Promise.withResolvers();
    };
    client.once('end', remove);
    connection.opened.then(() => (connection.isOpen = true), remove);
    client.once('error', () => {
      // Without a statement, `pg` does not close it.
      retire(connection);
    });
    connections.add(connection);
    return connection;
  }

  function retire(connection: Connection): void {
    if (connection.retired) return;
    connection.retired = true;
    closeIfUnused(connection);
  }

  function closeIfUnused({ retired, load, client }: Connection): void {
    if (retired && load === 0) void disconnect(client);
  }

  /** Ends the statements of a connection. If the server does not respond, the connection is destroyed. */
  function giveUp(connection: Connection): void {
    if (connection.givenUp) return;
    connection.givenUp = true;
    // A cancel request that arrives late would end a later statement.
    connection.retired = true;
    const signal = AbortSignal.timeout(graceMs);
    signal.addEventListener('abort', () => {
      const error = new Error(`no result ${cancelMs + graceMs} ms after the statement`);
      connection.client.connection.stream.destroy(error);
    });
    void cancel(connection.client, signal);
  }

  /** Chooses the connection of this turn, or else the one with the fewest statements. A busy one only if no more can be opened. */
  function choose(): Connection | undefined {
    if (current && !current.retired && current.load < depth) return current;
    let best: Connection | undefined;
    for (const connection of connections) {
      if (!connection.retired && connection.load < (best?.load ?? depth)) best = connection;
    }
    return best?.load === 0 || connections.size === maxConnections ? best : open();
  }

  function write(): void {
    for (const { client } of unwritten) client.connection.stream.uncork();
    unwritten.clear();
    current = undefined;
  }

  return {
    run: async (statement) => {
      let connection = choose();
      while (!connection) {
        await untilGivenUp(closed.promise);
        connection = choose();
      }
      current = connection;
      connection.load++;
      connection.used = true;
      let timer: NodeJS.Timeout | undefined;
      try {
        if (!connection.isOpen) await untilGivenUp(connection.opened);
        throwIfGivenUp();
        timer = setTimeout(giveUp, cancelMs, connection);
        if (unwritten.size === 0) setImmediate(write);
        if (!unwritten.has(connection)) connection.client.connection.stream.cork();
        unwritten.add(connection);
        return await statement(connection.client);
      } catch (error) {
        if (affectsAllConnections(error) && !connection.retired) connections.forEach(retire);
        if (!isUsableAfter(error)) connection.retired = true;
        throw error;
      } finally {
        clearTimeout(timer);
        connection.load--;
        connection.retired ||= performance.now() > connection.expiry;
        closeIfUnused(connection);
      }
    },
    count: () => connections.size,
    close: async () => {
      isClosing = true;
      clearInterval(idleCheck);
      for (const connection of connections) retire(connection);
      while (connections.size > 0) await closed.promise;
    },
    destroy: () => {
      isClosing = true;
      const error = new Error(CLOSED);
      for (const { client } of connections) client.connection.stream.destroy(error);
    },
  };
}
