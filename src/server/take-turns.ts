import type { RequestListener } from 'node:http';
import { untilTurn } from '../turns/turns.ts';
import { isHealthCheck } from './health-check.ts';

/** If there is more to do than can be done, clients take turns, and health checks come first. A client is known by its token. */
export function takeTurns(listener: RequestListener): RequestListener {
  return (request, response) => {
    const turn = isHealthCheck(request)
      ? undefined
      : untilTurn(request.headers.authorization ?? '');
    if (!turn) listener(request, response);
    else
      void turn.then(() => {
        const hasLeft = response.destroyed;
        if (!hasLeft) listener(request, response);
      });
  };
}
