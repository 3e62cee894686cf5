import { Problem } from '../errors/problem.ts';

interface Options {
  /** How many statements run concurrently: one per connection of the pool. */
  concurrency: number;
  /** How many statements may wait for a connection. */
  maxQueued: number;
  /** How long a statement waits for a connection, in milliseconds. */
  waitTimeoutMs: number;
}

export interface StatementQueue {
  /**
   * Runs a statement as soon as a connection is free, in first-in, first-out order.
   *
   * @throws {Problem} unavailable, when the queue is full or closed, or the wait times out; the statement then never runs
   */
  run<T>(statement: () => Promise<T>): Promise<T>;
  /** Rejects waiting and future statements. Running ones continue. */
  close(): void;
}

/** A statement that waits for a connection. */
interface Waiting {
  resolve: () => void;
  reject: (reason: string) => void;
}

/** Creates the queue in front of the connection pool, whose own queue bounds neither the number nor the time of the wait. */
export function createStatementQueue({
  concurrency,
  maxQueued,
  waitTimeoutMs,
}: Options): StatementQueue {
  let running = 0;
  let closed = false;
  const queue = new Set<Waiting>();

  const waitForConnection = () =>
    new Promise<void>((resolve, reject) => {
      const leaveQueue = () => {
        clearTimeout(timer);
        queue.delete(waiting);
      };
      const waiting: Waiting = {
        resolve: () => {
          leaveQueue();
          resolve();
        },
        reject: (reason) => {
          leaveQueue();
          reject(unavailable(reason));
        },
      };
      const timer = setTimeout(
        waiting.reject,
        waitTimeoutMs,
        `timed out after ${waitTimeoutMs} ms waiting for a database connection`,
      );
      queue.add(waiting);
    });

  return {
    run: async (statement) => {
      if (closed) throw unavailable('the database is closed');
      if (running < concurrency) running++;
      else if (queue.size < maxQueued) await waitForConnection();
      else throw unavailable(`${maxQueued} statements are already waiting for a connection`);
      try {
        return await statement();
      } finally {
        // The first waiting statement takes over the connection directly, so that a new one cannot overtake it.
        const [first] = queue;
        if (first) first.resolve();
        else running--;
      }
    },
    close: () => {
      closed = true;
      for (const waiting of queue) waiting.reject('the database is closed');
    },
  };
}

function unavailable(reason: string): Problem {
  return new Problem('unavailable', { cause: new Error(reason) });
}
