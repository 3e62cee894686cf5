import { throwIfAborted } from './abort.ts';
import { delay } from './delay.ts';
import { errorOfResponse, TasksErrorOf, type TasksError } from './errors.ts';
import { createIdempotencyKey } from './idempotency-key.ts';
import { TimeoutError, withTimeout } from './timeout.ts';

export interface RetryOptions {
  readonly fetch: typeof fetch;
  readonly token: () => string | Promise<string>;
  /** The timeout of each attempt and of each call of `token`, in milliseconds. */
  readonly timeout: number;
  /** The maximum number of retries; client.ts has the default. */
  readonly retries: number;
}

/** A request with its body as text, so that it can be sent again. */
interface RetryableRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly signal: AbortSignal;
  /** Whether an earlier attempt may have taken effect. */
  mayHaveSucceeded: boolean;
}

const RETRYABLE_STATUSES = [429, 502, 503, 504];
const INITIAL_DELAY_MS = 250;
const MAX_DELAY_MS = 8_000;
/** With a longer `Retry-After`, the call fails instead of waiting. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Keeps pending requests alive: the garbage collector may otherwise collect a request together with its abort signal. */
const pending = new Set<Request>();

/**
 * Creates a `fetch` with a timeout for each attempt and with retries: it retries requests that are safe to retry after a
 * network error, a timeout or a retryable status, and any request once with a new token if its token is rejected. It
 * replaces the value of `Authorization` by the caller's token; requests without that header are sent without a token.
 *
 * The created function returns successful responses only. It throws a {@link TasksError} if the last attempt fails, the
 * reason of the signal if it is aborted, and any error that `token` throws.
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
  const { method, url, headers } = given;
  // The `Request` of React Native may have none.
  const signal = (given.signal as AbortSignal | undefined) ?? new AbortController().signal;
  // With an idempotency key, a creation is safe to retry.
  if (method === 'POST' && !headers.has('Idempotency-Key')) {
    headers.set('Idempotency-Key', createIdempotencyKey());
  }
  const body = (await given.text()) || null;
  const request = { method, url, headers, signal, body, mayHaveSucceeded: false };
  const secured = headers.has('Authorization');
  if (secured) await authorize(request, options);
  return sendWithRetries(request, secured, options);
}

async function sendWithRetries(
  request: RetryableRequest,
  secured: boolean,
  options: RetryOptions,
): Promise<Response> {
  const retries = isIdempotent(request) ? options.retries : 0;
  let mayRenewToken = secured;
  for (let retry = 0; ;) {
    const outcome = await attempt(request, options);
    if (outcome instanceof Response) return outcome;
    const { code } = outcome;
    if (mayRenewToken && (code === 'token-expired' || code === 'invalid-token')) {
      mayRenewToken = false;
      await authorize(request, options);
      continue;
    }
    // An earlier attempt, whose response was lost, deleted the task.
    if (request.mayHaveSucceeded && request.method === 'DELETE' && code === 'not-found') {
      return new Response(null, { status: 204 });
    }
    if (retry >= retries || !isRetryable(outcome)) throw outcome;
    request.mayHaveSucceeded = outcome.outcomeUnknown;
    await delay(retryDelay(retry, outcome), request.signal);
    retry++;
  }
}

/** Sends the request once and reads the whole response, because the connection can also break while the body is read. */
async function attempt(
  request: RetryableRequest,
  { fetch, timeout }: RetryOptions,
): Promise<Response | TasksError> {
  const { url, method, headers, body, signal } = request;
  const writes = changesData(method);
  const work = async (signal: AbortSignal) => {
    // Redirects are not followed: they lead away from the service, and a redirected POST would become a GET.
    const redirect = 'manual';
    const init = { method, headers: Object.fromEntries(headers), body, signal, redirect } as const;
    const response = await fetch(url, init);
    // As text: React Native cannot read a body as an `ArrayBuffer`.
    return { response, content: await response.text() };
  };
  try {
    const { response, content } = await withTimeout(work, timeout, signal);
    const { ok, status, statusText, headers: fields } = response;
    // The generated client treats 304 as an error, but with `If-None-Match` it is an expected response.
    if (status === 304 && headers.has('If-None-Match')) return withoutBody(response);
    if (ok) return new Response(content || null, { status, statusText, headers: fields });
    const outcomeUnknown = request.mayHaveSucceeded || (writes && status >= 500);
    return errorOfResponse(response, parse(content), outcomeUnknown);
  } catch (cause) {
    throwIfAborted(signal);
    const details = { outcomeUnknown: writes, cause };
    return cause instanceof TimeoutError
      ? new TasksErrorOf('timeout', { message: `No response within ${timeout} ms`, ...details })
      : new TasksErrorOf('network-error', {
          message: 'The response is incomplete or missing',
          ...details,
        });
  }
}

/**
 * Sets the caller's token on a request, or removes `Authorization` if the token is empty.
 *
 * @throws {TypeError} if the token is invalid (RFC 6750, section 2.1); the message does not contain the token
 */
async function authorize(request: RetryableRequest, { token, timeout }: RetryOptions) {
  const { headers, signal, mayHaveSucceeded: outcomeUnknown } = request;
  const returned: unknown = await withTimeout(async () => await token(), timeout, signal).catch(
    (cause: unknown) => {
      if (!(cause instanceof TimeoutError)) throw cause;
      const message = `No token within ${timeout} ms`;
      throw new TasksErrorOf('timeout', { message, outcomeUnknown, cause });
    },
  );
  if (typeof returned !== 'string')
    throw new TypeError(
      `\`token\` must return a string or a promise of it, not ${typeof returned}`,
    );
  const value = returned.trim();
  if (!/^[\x21-\x7E]*$/.test(value))
    throw new TypeError('`token` returned an invalid bearer token');
  if (value) headers.set('Authorization', `Bearer ${value}`);
  else headers.delete('Authorization');
}

/** Whether requests with a method can change data. */
export function changesData(method: string): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function isRetryable({ code, status = 0, retryAfter = 0 }: TasksError): boolean {
  if (code === 'network-error' || code === 'timeout') return true;
  return RETRYABLE_STATUSES.includes(status) && retryAfter <= MAX_RETRY_AFTER_SECONDS;
}

/** Idempotent methods (RFC 9110, section 9.2.2). A PATCH is idempotent if it sets fields; without a body it toggles. */
function isIdempotent({ method, body }: RetryableRequest): boolean {
  // A POST has an idempotency key.
  return method !== 'PATCH' || body !== null;
}

/** The delay before a retry, in milliseconds: `Retry-After` plus an exponential backoff with jitter. */
function retryDelay(retry: number, { retryAfter = 0 }: TasksError): number {
  const backoff = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS * 2 ** retry);
  return retryAfter * 1000 + backoff * (0.5 + Math.random() / 2);
}

function withoutBody({ headers }: Response): Response {
  return new Response(null, { status: 204, headers });
}

/** The value of a JSON text; undefined if it is not JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
