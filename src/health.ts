import type { Database } from './db/database.ts';

export interface Health {
  /** Whether the process serves requests: true from the start to the signal to stop. */
  isAlive(): boolean;
  /** Throws a `Problem` of the code unavailable when the database does not answer. */
  ping(): Promise<void>;
  /** From now on the service is neither alive nor ready, while requests in flight still finish. */
  stop(): void;
}

/** The state of this process, as load balancers and orchestrators want to know it. */
export function createHealth(database: Pick<Database, 'ping'>): Health {
  let alive = true;
  return {
    isAlive: () => alive,
    ping: () => database.ping(),
    stop() {
      alive = false;
    },
  };
}
