import { performance } from 'node:perf_hooks';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Problem } from '../errors/problem.ts';
import type { CommonHeaders } from '../http/common-headers.ts';
import { headersOf, problemBody } from '../http/problem-response.ts';
import { requestIdOf } from '../http/request-id.ts';
import type { Observer } from '../telemetry/finished-request.ts';
import type { Logger } from '../telemetry/log.ts';
import type { ClientListener } from './client-identity.ts';
import { isHealthCheck } from './health-check.ts';

/** The limit of the requests in progress, as the time in which they complete at the current rate. */
const MAX_BACKLOG_SECONDS = 0.25;
/** The same while two thirds of the requests are rejected: each request in progress makes the others slower, as it uses memory. */
const OVERLOADED_BACKLOG_SECONDS = 0.1;
/** The minimum of the limit. */
const MIN_LIMIT = 50;
/** The assumed number of completed requests per second, until it can be measured under full load. */
const EXPECTED = 1000;
/** The utilization of the event loop above which the service is overloaded. */
const SATURATED = 0.9;
/** With fewer requests in progress at any time, the number of completed requests does not measure the capacity. */
const MIN_MEASURED = 20;
const MEASURE_MS = 250;
const LOG_MS = 1000;
/**
 * How many requests are rejected immediately per measurement, in all and of one client. Their connections can be reused, and
 * accepting a new one costs several times as much as a rejection.
 */
const MAX_IMMEDIATE = 750;
const MAX_IMMEDIATE_PER_CLIENT = 20;
/** The delay of the other rejections, so that clients that retry immediately do not use up the time of the others. */
const REJECTION_DELAY_MS = 500;

const problem = new Problem('unavailable');
const problemHeaders = headersOf(problem);

interface Options {
  readonly listener: ClientListener;
  readonly clientOf: (request: IncomingMessage) => string;
  /** The headers of every response. */
  readonly commonHeaders: Pick<CommonHeaders, 'headersOf'>;
  readonly log: Pick<Logger, 'warn'>;
  /** Called for each rejected request. */
  readonly observe?: Observer | undefined;
}

/**
 * Rejects requests while more are in progress than the service completes in 0.25 s (503 `unavailable`), or in 0.1 s while it
 * rejects two thirds of them. Without this limit, under a load above its capacity, it would serve each request only after its
 * client has given up. A rejection costs a small part of a request, because it comes before everything else.
 *
 * While the service waits for the client or for the JWKS, a request counts only towards the share of its client, which is at most the
 * limit.
 * At the limit, clients with fewer requests in progress than their share of the limit are still accepted, up to twice the limit.
 */
export function limitLoad({
  listener,
  clientOf,
  commonHeaders,
  log,
  observe,
}: Options): RequestListener {
  let inProgress = 0;
  const perClient = new Map<string, number>();
  /** Since the last measurement; `fewest` is the smallest number of requests that were in progress at a time. */
  let fewest = 0;
  let completed = 0;
  let rejected = 0;
  const rejectedPerClient = new Map<string, number>();
  /** Since the last log line. */
  const logged = { rejected: 0, completed: 0 };
  let capacity = EXPECTED;
  let utilization = performance.eventLoopUtilization();
  const limitOf = (backlogSeconds: number) =>
    Math.max(MIN_LIMIT, Math.round(capacity * backlogSeconds));
  let limit = limitOf(MAX_BACKLOG_SECONDS);

  const measure = () => {
    const before = utilization;
    utilization = performance.eventLoopUtilization();
    const isBusy = performance.eventLoopUtilization(utilization, before).utilization > SATURATED;
    // The number of completed requests measures the capacity only if the service is busy all the time. Other work, or a short
    // burst of requests, does not.
    const isOverloaded = fewest > MIN_MEASURED && (isBusy || rejected > 0);
    const rate = (completed * 1000) / MEASURE_MS;
    capacity = isOverloaded
      ? (capacity + rate) / 2
      : Math.max(rate, Math.min(2 * Math.max(capacity, 1), EXPECTED));
    limit = limitOf(rejected > 2 * completed ? OVERLOADED_BACKLOG_SECONDS : MAX_BACKLOG_SECONDS);
    logged.rejected += rejected;
    logged.completed += completed;
    rejected = 0;
    rejectedPerClient.clear();
    completed = 0;
    fewest = inProgress;
  };
  setInterval(measure, MEASURE_MS).unref();

  setInterval(() => {
    if (logged.rejected > 0) log.warn({ ...logged, limit }, 'overloaded');
    logged.rejected = 0;
    logged.completed = 0;
  }, LOG_MS).unref();

  const reject = (request: IncomingMessage, response: ServerResponse, delayMs: number) => {
    observe?.({
      operationId: undefined,
      status: 503,
      seconds: delayMs / 1000,
      problemCode: problem.code,
    });
    if (response.destroyed) return;
    const id = requestIdOf(request);
    const body = JSON.stringify(problemBody(problem, id));
    response.writeHead(503, {
      'X-Request-Id': id,
      ...commonHeaders.headersOf(request.headers.origin),
      ...problemHeaders,
      'Content-Length': Buffer.byteLength(body),
    });
    // ASCII, which Node.js writes faster than UTF-8.
    response.end(body, 'latin1');
  };

  const hasItsShare = (own: number) => own + 1 > limit / perClient.size || inProgress >= 2 * limit;

  return (request, response) => {
    const client = clientOf(request);
    const own = perClient.get(client) ?? 0;
    const isFull = own >= limit || (inProgress >= limit && hasItsShare(own));
    if (isFull && !isHealthCheck(request)) {
      rejected++;
      const rejectedOfClient = (rejectedPerClient.get(client) ?? 0) + 1;
      rejectedPerClient.set(client, rejectedOfClient);
      if (rejected <= MAX_IMMEDIATE && rejectedOfClient <= MAX_IMMEDIATE_PER_CLIENT)
        reject(request, response, 0);
      else setTimeout(reject, REJECTION_DELAY_MS, request, response, REJECTION_DELAY_MS);
      return;
    }
    perClient.set(client, own + 1);
    let isCounted = false;
    let isComplete = false;
    const begin = () => {
      if (isCounted || isComplete) return;
      isCounted = true;
      inProgress++;
    };
    const pause = () => {
      if (!isCounted) return;
      isCounted = false;
      inProgress--;
      fewest = Math.min(fewest, inProgress);
    };
    const end = () => {
      if (isComplete) return;
      pause();
      isComplete = true;
      completed++;
    };
    begin();
    // The service does not work on the request while its body arrives or the JWKS is fetched (`body.ts` and `request-deadline.ts` emit
    // these events), nor after the end of its response.
    response.on('waiting', pause).on('working', begin).once('prefinish', end);
    response.once('close', () => {
      end();
      const rest = (perClient.get(client) ?? 1) - 1;
      if (rest === 0) perClient.delete(client);
      else perClient.set(client, rest);
    });
    listener(request, response, client);
  };
}
