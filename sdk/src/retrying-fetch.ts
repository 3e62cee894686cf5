import { delay } from './delay.ts';
import { codeOf, retryAfterOf, TasksErrorOf } from './errors.ts';
import { createIdempotencyKey } from './idempotency-key.ts';
import { TimeoutError, withTimeout } from './timeout.ts';

export interface RetryOptions {
  readonly fetch: typeof fetch;
  readonly token: () => string | Promise<string>;
  /** The timeout of each attempt and of each call of `token`, in milliseconds. */
  readonly timeout: number;
  /** The maximum number of retries. */
  readonly retries: number;
}

/** A request with its body as text, so that it can be sent again. */
interface RetryableRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal;
}

/** The result of an attempt: a response, or the error if there is none. */
type Outcome = Response | TasksErrorOf<'network-error' | 'timeout'>;

const RETRYABLE_STATUSES = [429, 502, 503, 504];
/** Statuses that mean that the request did not take effect. */
const REJECTING_STATUSES = [429, 503];
const INITIAL_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** With a longer `Retry-After`, the call fails instead of waiting. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Keeps pending requests alive: the garbage collector may otherwise collect a request together with its abort signal. */
const pending = new Set<Request>();

/**
 * Creates a `fetch` with a timeout for each attempt and with retries: it retries requests that are safe to retry after a
 * network error, a timeout or a retryable status, and any request once with a new token if its token has expired. It
 * replaces the value of `Authorization` by the caller's token; requests without that header are sent without a token.
 *
 * The created function throws a {@link TasksErrorOf} `network-error` or `timeout` if the last attempt fails, the reason of
 * the signal if it is aborted, and any error that `token` throws.
 */
export function retryingFetch(options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const given = input instanceof Request ? input : new Request(input, init);
    pending.add(given);
    try {
      return await send(given, options);
    } finally {
      pending.delete(given);
    }
  };
}

async function send(given: Request, options: RetryOptions): Promise<Response> {
  const { method, url, headers, signal } = given;
  // With an idempotency key, a creation is safe to retry.
  if (method === 'POST' && !headers.has('Idempotency-Key')) {
    headers.set('Idempotency-Key', createIdempotencyKey());
  }
  const secured = headers.has('Authorization');
  const request = { method, url, headers, signal, body: (await given.text()) || null };
  if (secured) await authorize(request, options);
  const response = await sendWithRetries(request, secured, options);
  // The generated client treats 304 as an error, but with `If-None-Match` it is an expected response.
  return response.status === 304 && headers.has('If-None-Match') ? withoutBody(response) : response;
}

async function sendWithRetries(
  request: RetryableRequest,
  secured: boolean,
  options: RetryOptions,
): Promise<Response> {
  const retries = isIdempotent(request) ? options.retries : 0;
  let mayRefreshToken = secured;
  let mayHaveSucceeded = false;
  for (let retry = 0; ; retry++) {
    let outcome = await attempt(request, options);
    if (mayRefreshToken && (await codeOf(outcome)) === 'token-expired') {
      mayRefreshToken = false;
      await authorize(request, options);
      outcome = await attempt(request, options);
    }
    // An earlier attempt, whose response was lost, deleted the task.
    if (
      mayHaveSucceeded &&
      request.method === 'DELETE' &&
      (await codeOf(outcome)) === 'not-found'
    ) {
      return new Response(null, { status: 204 });
    }
    if (!(retry < retries) || !isRetryable(outcome)) {
      if (outcome instanceof Response) return outcome;
      throw outcome;
    }
    mayHaveSucceeded ||= !(
      outcome instanceof Response && REJECTING_STATUSES.includes(outcome.status)
    );
    await delay(retryDelay(retry, outcome), request.signal);
  }
}

/** Sends the request once and reads the whole response, because the connection can also break while the body is read. */
async function attempt(
  { url, method, headers, body, signal }: RetryableRequest,
  { fetch, timeout }: RetryOptions,
): Promise<Outcome> {
  const work = async (signal: AbortSignal) => {
    // Redirects are not followed: they lead away from the service, and a redirected POST would become a GET.
    const redirect = 'manual';
    const init = { method, headers: Object.fromEntries(headers), body, signal, redirect } as const;
    const response = await fetch(url, init);
    return { response, content: await response.arrayBuffer() };
  };
  try {
    const { response, content } = await withTimeout(work, timeout, signal);
    const { status, statusText, headers } = response;
    return new Response(content.byteLength === 0 ? null : content, { status, statusText, headers });
  } catch (cause) {
    signal.throwIfAborted();
    return cause instanceof TimeoutError
      ? new TasksErrorOf('timeout', { message: `No response within ${timeout} ms`, cause })
      : new TasksErrorOf('network-error', {
          message: 'The response is incomplete or missing',
          cause,
        });
  }
}

/**
 * Sets the caller's token on a request, or removes `Authorization` if the token is empty.
 *
 * @throws {TypeError} if the token is invalid (RFC 6750, section 2.1); the message does not contain the token
 */
async function authorize({ headers, signal }: RetryableRequest, { token, timeout }: RetryOptions) {
  const returned = await withTimeout(async () => await token(), timeout, signal).catch(
    (cause: unknown) => {
      if (!(cause instanceof TimeoutError)) throw cause;
      throw new TasksErrorOf('timeout', { message: `No token within ${timeout} ms`, cause });
    },
  );
  const value = returned.trim();
  if (!/^[\x21-\x7E]*$/.test(value))
    throw new TypeError('`token` returned an invalid bearer token');
  if (value) headers.set('Authorization', `Bearer ${value}`);
  else headers.delete('Authorization');
}

function isRetryable(outcome: Outcome): boolean {
  if (!(outcome instanceof Response)) return true;
  const retryAfter = retryAfterOf(outcome) ?? 0;
  return RETRYABLE_STATUSES.includes(outcome.status) && retryAfter <= MAX_RETRY_AFTER_SECONDS;
}

/** Idempotent methods (RFC 9110, section 9.2.2). A PATCH is idempotent if it sets fields; without a body it toggles. */
function isIdempotent({ method, body }: RetryableRequest): boolean {
  // A POST has an idempotency key.
  return method !== 'PATCH' || body !== null;
}

/** The delay before a retry, in milliseconds: `Retry-After` plus an exponential backoff with jitter. */
function retryDelay(retry: number, outcome: Outcome): number {
  const backoff = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * 2 ** retry);
  const retryAfter = outcome instanceof Response ? (retryAfterOf(outcome) ?? 0) : 0;
  return retryAfter * 1000 + backoff * (0.5 + Math.random() / 2);
}

function withoutBody({ headers }: Response): Response {
  return new Response(null, { status: 204, headers });
}
