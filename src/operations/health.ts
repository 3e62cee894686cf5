import type { OperationResponse } from '../contract.ts';
import type { Database } from '../db/database.ts';
import { Problem } from '../errors/problem.ts';
import type { Handler } from './handler.ts';

/** The state of this process for load balancers and orchestrators. */
export interface Health {
  /** True from the start until the shutdown begins. */
  isAlive(): boolean;
  /** @throws {Problem} unavailable, when the database does not respond or cannot be written; see db/readiness.ts */
  ping(): Promise<void>;
  /** Makes both health checks fail from now on. Other requests are still accepted. */
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
} as const satisfies OperationResponse<'getLiveness'>;

export const getLiveness: Handler<'getLiveness'> = (_request, _caller, { health }) => {
  throwIfStopping(health);
  return Promise.resolve(OK);
};

export const getReadiness: Handler<'getReadiness'> = async (_request, _caller, { health }) => {
  throwIfStopping(health);
  await health.ping();
  return OK;
};

function throwIfStopping(health: Health): void {
  if (!health.isAlive()) throw new Problem('unavailable', { detail: 'The service is stopping' });
}
