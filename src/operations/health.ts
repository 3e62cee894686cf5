import type { Reply } from '../contract.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../errors/problem.ts';
import type { Handler } from './handler.ts';

/** The health of this process, as load balancers and orchestrators see it. */
export interface Health {
  /** Whether the process serves requests: true from the start until it receives the signal to stop. */
  isAlive(): boolean;
  /** @throws {Problem} unavailable, when the database does not respond */
  ping(): Promise<void>;
  /** Reports the process as neither alive nor ready from now on. Requests in flight still finish. */
  stop(): void;
}

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

const OK = {
  status: 200,
  headers: { 'Cache-Control': 'no-store' },
  body: { status: 'ok' },
} as const satisfies Reply<'getLiveness'>;

export const getLiveness: Handler<'getLiveness'> = (_request, _caller, { health }) => {
  refuseWhenStopping(health);
  return Promise.resolve(OK);
};

export const getReadiness: Handler<'getReadiness'> = async (_request, _caller, { health }) => {
  refuseWhenStopping(health);
  await health.ping();
  return OK;
};

function refuseWhenStopping(health: Health): void {
  if (!health.isAlive()) throw new Problem('unavailable', { detail: 'The service is stopping' });
}
