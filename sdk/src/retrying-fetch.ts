import { bounded, TimeoutError } from './bounded.ts';
import { delay } from './delay.ts';
import { codeOf, retryAfterOf, TasksErrorOf } from './errors.ts';

export interface RetryOptions {
  readonly fetch: typeof fetch;
  readonly token: () => string | Promise<string>;
  /** Milliseconds that each try may take. */
  readonly timeout: number;
  /** Tries after the first. */
  readonly retries: number;
}

const RETRIED_STATUSES = [429, 502, 503, 504];
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8_000;
/** Whoever has to wait longer had better be told. */
const LONGEST_RETRY_AFTER_S = 60;

/**
 * A `fetch` that bounds each try, and repeats what may be repeated: idempotent requests after a network fault, a time-out
 * or a status of overload, and any request once with a fresh token when its own has expired.
 *
 * @throws {TasksError} `network-error` or `timeout` when the last try fails; the signal's reason when it is aborted
 */
export function retryingFetch(options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const request = repeatable(new Request(input, init));
    const tries = isIdempotent(request) ? options.retries + 1 : 1;
    let response = await tryRepeatedly(request, tries, options);
    if (response.status === 401 && (await codeOf(response)) === 'token-expired') {
      request.headers.set('Authorization', `Bearer ${await options.token()}`);
      response = await tryRepeatedly(request, tries, options);
    }
    // `fetch` counts 304 as a failure, but the caller asked for it.
    return response.status === 304 ? withoutBody(response) : response;
  };
}

async function tryRepeatedly(
  request: Request,
  tries: number,
  options: RetryOptions,
): Promise<Response> {
  let replyWasLost = false;
  for (let left = tries - 1; ; left--) {
    const outcome = await tryOnce(request, options);
    if (outcome instanceof Response) {
      // The deletion whose reply was lost did its work.
      if (replyWasLost && request.method === 'DELETE' && outcome.status === 404) {
        return withoutBody(outcome);
      }
      if (left === 0 || !RETRIED_STATUSES.includes(outcome.status)) return outcome;
      if ((retryAfterOf(outcome) ?? 0) > LONGEST_RETRY_AFTER_S) return outcome;
    } else {
      replyWasLost = true;
      if (left === 0) throw outcome;
    }
    await delay(delayOf(tries - 1 - left, outcome), request.signal);
  }
}

/** One try with the whole of its reply, which may get lost on the way as well. */
async function tryOnce(
  request: Request,
  { fetch, timeout }: RetryOptions,
): Promise<Response | TasksErrorOf<'network-error' | 'timeout'>> {
  const send = async (signal: AbortSignal) => {
    const response = await fetch(new Request(request.clone(), { signal }));
    return { response, body: await response.arrayBuffer() };
  };
  try {
    const { response, body } = await bounded(send, timeout, request.signal);
    const { status, statusText, headers } = response;
    return new Response(body.byteLength === 0 ? null : body, { status, statusText, headers });
  } catch (cause) {
    request.signal.throwIfAborted();
    return cause instanceof TimeoutError
      ? new TasksErrorOf('timeout', { message: cause.message, cause })
      : new TasksErrorOf('network-error', { message: 'The service cannot be reached', cause });
  }
}

/** A creation gets a key of its own, so that it can be repeated without a second task. */
function repeatable(request: Request): Request {
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key')) {
    request.headers.set('Idempotency-Key', randomKey());
  }
  return request;
}

/** As RFC 9110 has it, section 9.2.2; and a PATCH that sets what it carries is, one that toggles is not. */
function isIdempotent({ method, headers }: Request): boolean {
  if (method === 'POST') return headers.has('Idempotency-Key');
  return method !== 'PATCH' || headers.has('Content-Type');
}

/** 128 random bits; `crypto.randomUUID` is missing from pages without TLS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Milliseconds to wait: what the service asks for, or twice as long each time; with jitter, so that clients spread. */
function delayOf(retry: number, outcome: Response | Error): number {
  const asked = outcome instanceof Response ? retryAfterOf(outcome) : undefined;
  if (asked !== undefined) return asked * 1000 + Math.random() * FIRST_DELAY_MS;
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** retry);
  return longest * (0.5 + Math.random() / 2);
}

function withoutBody({ headers }: Response): Response {
  return new Response(null, { status: 204, headers });
}
