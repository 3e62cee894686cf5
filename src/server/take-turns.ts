import type { RequestListener } from 'node:http';
import { withDeadline } from '../deadlines/request-deadline.ts';
import { untilTurn } from '../turns/turns.ts';
import type { ClientListener } from './client-identity.ts';
import { isHealthCheck } from './health-check.ts';

/**
 * Under overload, clients take turns, and health checks come first. The deadline of a request starts
 * before it waits for its turn.
 */
export function takeTurns(listener: RequestListener): ClientListener {
  const serve: ClientListener = (request, response, client) => {
    const turn = isHealthCheck(request) ? undefined : untilTurn(client);
    if (!turn) listener(request, response);
    else
      void turn.then(() => {
        const hasLeft = response.destroyed;
        if (!hasLeft) listener(request, response);
      });
  };
  return (request, response, client) => {
    withDeadline(response, () => {
      serve(request, response, client);
    });
  };
}
