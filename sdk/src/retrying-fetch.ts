import { bounded, TimeoutError } from './bounded.ts';
import { delay } from './delay.ts';
import { codeOf, retryAfterOf, TasksErrorOf } from './errors.ts';

export interface RetryOptions {
  readonly fetch: typeof fetch;
  readonly token: () => string | Promise<string>;
  /** Milliseconds that each try may take, and each token. */
  readonly timeout: number;
  /** Tries after the first. */
  readonly retries: number;
}

/** A request that can be sent again. */
interface Repeatable {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

/** A reply, or why there is none. */
type Outcome = Response | TasksErrorOf<'network-error' | 'timeout'>;

const RETRIED_STATUSES = [429, 502, 503, 504];
/** Those after which nothing was done. */
const REFUSING_STATUSES = [429, 503];
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 8_000;
/** Whoever has to wait longer had better be told. */
const LONGEST_RETRY_AFTER_S = 60;

/** Those under way: what tells a request that its caller has aborted it may live no longer than the request object. */
const underWay = new Set<Request>();

/**
 * A `fetch` that bounds each try, and repeats what may be repeated: idempotent requests after a network fault, a time-out
 * or a status of overload, and any request once with a fresh token when its own has expired. It sends the caller's token
 * with what comes with an `Authorization`, whatever that is.
 *
 * @throws {TasksError} `network-error` or `timeout` when the last try fails; the signal's reason when it is aborted; what
 *   `token` throws
 */
export function retryingFetch(options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const given = input instanceof Request ? input : new Request(input, init);
    underWay.add(given);
    try {
      return await send(given, options);
    } finally {
      underWay.delete(given);
    }
  };
}

async function send(given: Request, options: RetryOptions): Promise<Response> {
  const { method, url, headers, signal } = given;
  // A creation gets a key of its own, so that it can be repeated without a second task.
  if (method === 'POST' && !headers.has('Idempotency-Key')) {
    headers.set('Idempotency-Key', randomKey());
  }
  const secured = headers.has('Authorization');
  const request = { method, url, headers, signal, body: (await given.text()) || null };
  if (secured) await authorize(request, options);
  const response = await tryRepeatedly(request, secured, options);
  // The generated client counts 304 as a failure, but the caller asked for it.
  return response.status === 304 && headers.has('If-None-Match') ? withoutBody(response) : response;
}

async function tryRepeatedly(
  request: Repeatable,
  secured: boolean,
  options: RetryOptions,
): Promise<Response> {
  const retries = isIdempotent(request) ? options.retries : 0;
  let mayRefresh = secured;
  let mayBeDone = false;
  for (let retry = 0; ; retry++) {
    let outcome = await tryOnce(request, options);
    if (mayRefresh && (await codeOf(outcome)) === 'token-expired') {
      mayRefresh = false;
      await authorize(request, options);
      outcome = await tryOnce(request, options);
    }
    // The deletion whose reply was lost did its work.
    if (mayBeDone && request.method === 'DELETE' && (await codeOf(outcome)) === 'not-found') {
      return new Response(null, { status: 204 });
    }
    if (!(retry < retries) || !isWorthARetry(outcome)) {
      if (outcome instanceof Response) return outcome;
      throw outcome;
    }
    mayBeDone ||= !(outcome instanceof Response && REFUSING_STATUSES.includes(outcome.status));
    await delay(delayOf(retry, outcome), request.signal);
  }
}

/** One try with the whole of its reply, which may get lost on the way as well. */
async function tryOnce(
  { url, method, headers, body, signal }: Repeatable,
  { fetch, timeout }: RetryOptions,
): Promise<Outcome> {
  const work = async (signal: AbortSignal) => {
    // Where a redirection leads is not the service, and a creation would become a reading on its way.
    const redirect = 'manual';
    const init = { method, headers: Object.fromEntries(headers), body, signal, redirect } as const;
    const response = await fetch(url, init);
    return { response, content: await response.arrayBuffer() };
  };
  try {
    const { response, content } = await bounded(work, timeout, signal);
    const { status, statusText, headers } = response;
    return new Response(content.byteLength === 0 ? null : content, { status, statusText, headers });
  } catch (cause) {
    signal.throwIfAborted();
    return cause instanceof TimeoutError
      ? new TasksErrorOf('timeout', { message: `No reply within ${timeout} ms`, cause })
      : new TasksErrorOf('network-error', { message: 'No whole reply came back', cause });
  }
}

/**
 * Puts the caller's token on a request; none when it is empty.
 *
 * @throws {TypeError} when it is no token (RFC 6750, section 2.1), without showing it
 */
async function authorize({ headers, signal }: Repeatable, { token, timeout }: RetryOptions) {
  const given = await bounded(async () => await token(), timeout, signal).catch(
    (cause: unknown) => {
      if (!(cause instanceof TimeoutError)) throw cause;
      throw new TasksErrorOf('timeout', { message: `No token within ${timeout} ms`, cause });
    },
  );
  const value = given.trim();
  if (!/^[\x21-\x7E]*$/.test(value)) throw new TypeError('What `token` gave is no token');
  if (value) headers.set('Authorization', `Bearer ${value}`);
  else headers.delete('Authorization');
}

function isWorthARetry(outcome: Outcome): boolean {
  if (!(outcome instanceof Response)) return true;
  const asked = retryAfterOf(outcome) ?? 0;
  return RETRIED_STATUSES.includes(outcome.status) && asked <= LONGEST_RETRY_AFTER_S;
}

/** As RFC 9110 has it, section 9.2.2; and a PATCH that sets what it carries is, one that toggles is not. */
function isIdempotent({ method, body }: Repeatable): boolean {
  // A POST has its key.
  return method !== 'PATCH' || body !== null;
}

/** 128 random bits; `crypto.randomUUID` is missing from pages without TLS. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Milliseconds to wait: twice as long each time, with jitter, so that clients spread; after what the service asks for. */
function delayOf(retry: number, outcome: Outcome): number {
  const longest = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** retry);
  const asked = outcome instanceof Response ? (retryAfterOf(outcome) ?? 0) : 0;
  return asked * 1000 + longest * (0.5 + Math.random() / 2);
}

function withoutBody({ headers }: Response): Response {
  return new Response(null, { status: 204, headers });
}
