import { Problem } from '../errors/problem.ts';

interface Options<Connection> {
  /**
   * Opens a connection.
   *
   * @param onLost to be called if the connection is lost later
   */
  open: (onLost: (connection: Connection) => void) => Promise<Connection>;
  /** Closes a connection. Must not fail. */
  close: (connection: Connection) => Promise<void>;
  /** Whether a connection can be used again after a statement failed on it. */
  isUsableAfter: (error: unknown) => boolean;
  maxConnections: number;
  /** How many statements may wait for a connection. */
  maxQueued: number;
  /** How long a statement waits for a connection, in milliseconds. */
  waitTimeoutMs: number;
  /** After how long connections that are not needed are closed, in milliseconds; at the latest after twice this time. */
  idleTimeoutMs: number;
  /** After how long a connection is replaced, in milliseconds; some are replaced up to a fifth later, not all at once. */
  maxAgeMs: number;
}

export interface ConnectionQueue<Connection> {
  /**
   * Runs a statement as soon as a connection is free, in first-in, first-out order.
   *
   * @throws {Problem} unavailable, when the queue is full or closed, or the wait times out; the statement then never runs
   * @throws what opening a connection or the statement throws
   */
  run<T>(statement: (connection: Connection) => Promise<T>): Promise<T>;
  /** Rejects waiting and future statements. Running ones continue. */
  close(): void;
}

/** A statement that waits for a connection. */
interface Waiting<Connection> {
  resolve: (connection: Connection) => void;
  reject: (error: unknown) => void;
  timer: NodeJS.Timeout;
}

/**
 * Creates the queue of statements and the connections that it holds open for them. A connection runs one statement at a
 * time. Slonik's own pool takes and returns a connection for each statement, which costs more, and bounds neither the number
 * of waiting statements nor their time.
 */
export function createConnectionQueue<Connection>({
  open,
  close,
  isUsableAfter,
  maxConnections,
  maxQueued,
  waitTimeoutMs,
  idleTimeoutMs,
  maxAgeMs,
}: Options<Connection>): ConnectionQueue<Connection> {
  /** The open connections, with the time when they expire. */
  const connections = new Map<Connection, number>();
  /** Used from the end, so that the connections at the start are those that are not needed. */
  const idle: Connection[] = [];
  const queue = new Set<Waiting<Connection>>();
  /** The number of connections, including those that are being opened or closed. */
  let count = 0;
  /** How many connections at the start of `idle` have not been used since the last check. */
  let unused = 0;
  let closed = false;

  const idleCheck = setInterval(() => {
    for (const connection of idle.slice(0, unused)) void remove(connection);
    unused = idle.length;
  }, idleTimeoutMs).unref();

  function acquire(): Promise<Connection> {
    if (closed) throw unavailable('the database is closed');
    if (count < maxConnections) return connect();
    if (queue.size < maxQueued) return wait();
    throw unavailable(`${maxQueued} statements are already waiting for a connection`);
  }

  async function connect(): Promise<Connection> {
    count++;
    try {
      const connection = await open((lost) => void remove(lost));
      connections.set(connection, performance.now() + maxAgeMs * (1 + Math.random() / 5));
      return connection;
    } catch (error) {
      count--;
      connectFirst();
      throw error;
    }
  }

  function wait(): Promise<Connection> {
    const { promise, resolve, reject } = Promise.withResolvers<Connection>();
    const timer = setTimeout(() => {
      queue.delete(waiting);
      reject(unavailable(`timed out after ${waitTimeoutMs} ms waiting for a database connection`));
    }, waitTimeoutMs);
    const waiting = { resolve, reject, timer };
    queue.add(waiting);
    return promise;
  }

  /** Takes the first waiting statement from the queue. */
  function dequeue(): Waiting<Connection> | undefined {
    const [first] = queue;
    if (!first) return undefined;
    queue.delete(first);
    clearTimeout(first.timer);
    return first;
  }

  /** Opens a connection for the first waiting statement, in place of one that was removed. */
  function connectFirst(): void {
    const first = dequeue();
    if (first) connect().then(first.resolve, first.reject);
  }

  function release(connection: Connection): void {
    const expiry = connections.get(connection);
    if (closed || expiry === undefined) return;
    if (performance.now() > expiry) {
      void remove(connection);
      return;
    }
    // The first waiting statement gets the connection directly, so that a new one cannot overtake it.
    const first = dequeue();
    if (first) first.resolve(connection);
    else idle.push(connection);
  }

  async function remove(connection: Connection): Promise<void> {
    if (!connections.delete(connection)) return;
    const index = idle.indexOf(connection);
    if (index !== -1) idle.splice(index, 1);
    await close(connection);
    count--;
    connectFirst();
  }

  return {
    run: async (statement) => {
      const connection = idle.pop() ?? (await acquire());
      unused = Math.min(unused, idle.length);
      try {
        return await statement(connection);
      } catch (error) {
        if (!isUsableAfter(error)) void remove(connection);
        throw error;
      } finally {
        release(connection);
      }
    },
    close: () => {
      closed = true;
      clearInterval(idleCheck);
      idle.length = 0;
      for (let first = dequeue(); first; first = dequeue()) {
        first.reject(unavailable('the database is closed'));
      }
    },
  };
}

function unavailable(reason: string): Problem {
  return new Problem('unavailable', { cause: new Error(reason) });
}
