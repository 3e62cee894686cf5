import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Problem } from '../errors/problem.ts';
import type { Logger } from '../telemetry/log.ts';
import type { CommonHeaders } from './common-headers.ts';
import { headersOf, problemBody } from './problem-response.ts';
import { requestIdOf } from './request-id.ts';

/** How long the requests in progress may take together, at the speed of the last second. */
const MAX_BACKLOG_SECONDS = 0.5;
/** So many requests in progress are always accepted. */
const MIN_LIMIT = 500;
const INTERVAL_MS = 1000;

/** Orchestrators and load balancers ask these most urgently when the service is busy. */
const ALWAYS_ACCEPTED = new Set(['/livez', '/readyz']);

interface Options {
  readonly listener: RequestListener;
  /** The headers of every response. */
  readonly commonHeaders: Pick<CommonHeaders, 'headersOf'>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * Rejects requests while more are in progress than the service completes in half a second (503 `unavailable`). Without this
 * limit, under a load above its capacity, it would serve each request only after its client has given up. A rejection costs
 * a small part of a request, because it comes before everything else.
 */
export function limitLoad({ listener, commonHeaders, log }: Options): RequestListener {
  let inProgress = 0;
  let completed = 0;
  let rejected = 0;
  let limit = MIN_LIMIT;

  setInterval(() => {
    limit = Math.max(MIN_LIMIT, completed * (1000 / INTERVAL_MS) * MAX_BACKLOG_SECONDS);
    if (rejected > 0) log.warn({ rejected, completed, limit }, 'overloaded');
    completed = 0;
    rejected = 0;
  }, INTERVAL_MS).unref();

  const reject = (request: IncomingMessage, response: ServerResponse) => {
    rejected++;
    const id = requestIdOf(request);
    const problem = new Problem('unavailable');
    const body = JSON.stringify(problemBody(problem, id));
    response.writeHead(503, {
      'X-Request-Id': id,
      ...commonHeaders.headersOf(request.headers.origin),
      ...headersOf(problem),
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  };

  const end = () => {
    inProgress--;
    completed++;
  };

  return (request, response) => {
    if (inProgress >= limit && !ALWAYS_ACCEPTED.has(request.url ?? '')) {
      reject(request, response);
      return;
    }
    inProgress++;
    response.once('close', end);
    listener(request, response);
  };
}
