import { Problem } from '../errors/problem.ts';

interface Options {
  /** How many tasks run at once. */
  concurrency: number;
  /** How many more may wait for their turn. */
  maxWaiting: number;
  /** How long one waits, in milliseconds. */
  patience: number;
}

export interface Limiter {
  /**
   * Runs a task when it is its turn, first come, first served.
   *
   * @throws {Problem} `unavailable`, when its turn does not come; then the task never runs
   */
  run<T>(task: () => Promise<T>): Promise<T>;
  /** Turns away who waits and who comes; what runs goes on. */
  close(): void;
}

/** Lets a bounded number of tasks run, and a bounded number wait, for a bounded time. */
export function createLimiter({ concurrency, maxWaiting, patience }: Options): Limiter {
  let running = 0;
  let closed = false;
  const waiting = new Set<{ go: () => void; giveUp: (reason: string) => void }>();

  const turn = () =>
    new Promise<void>((resolve, reject) => {
      const waiter = {
        go: () => {
          clearTimeout(timer);
          waiting.delete(waiter);
          resolve();
        },
        giveUp: (reason: string) => {
          clearTimeout(timer);
          waiting.delete(waiter);
          reject(unavailable(reason));
        },
      };
      const timer = setTimeout(
        waiter.giveUp,
        patience,
        `no connection was free for ${patience} ms`,
      );
      waiting.add(waiter);
    });

  return {
    run: async (task) => {
      if (closed) throw unavailable('the database is closed');
      if (running < concurrency) running++;
      else if (waiting.size < maxWaiting) await turn();
      else throw unavailable(`${maxWaiting} statements are waiting for a connection`);
      try {
        return await task();
      } finally {
        // The next one takes over this one's place, so that nobody can slip in between.
        const [next] = waiting;
        if (next) next.go();
        else running--;
      }
    },
    close: () => {
      closed = true;
      for (const waiter of waiting) waiter.giveUp('the database is closed');
    },
  };
}

function unavailable(reason: string): Problem {
  return new Problem('unavailable', { cause: new Error(reason) });
}
