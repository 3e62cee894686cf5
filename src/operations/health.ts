import type { Handler, Reply } from '../contract.ts';
import { Problem } from '../http/problem.ts';
import type { Health } from '../health.ts';

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
