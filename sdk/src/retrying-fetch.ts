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
 * or a status of overload, and any request once with a fresh token when its own has expired. It sends a token with what
 * comes with an `Authorization`, whatever that is.
 *
 * @throws {TasksError} `network-error` or `timeout` when the last try fails; the signal's reason when it is aborted; what
 *   `token` throws
 */
export function retryingFetch(options: RetryOptions): typeof fetch {
  return async (input, init) => {
    const request = repeatable(new Request(input, init));
    const secured = request.headers.has('Authorization');
    if (secured) await authorize(request, options);
    const response = await tryRepeatedly(request, secured, options);
    // `fetch` counts 304 as a failure, but the caller asked for it.
    return response.status === 304 ? withoutBody(response) : response;
  };
}

async function tryRepeatedly(
  request: Request,
  secured: boolean,
  options: RetryOptions,
): Promise<Response> {
  const retries = isIdempotent(request) ? options.retries : 0;
  let mayRefresh = secured;
  let mayBeDone = false;
  for (let retry = 0; ; retry++) {
    let outcome = await tryOnce(request, options);
    if (mayRefresh && (await saysTokenExpired(outcome))) {
      mayRefresh = false;
      await authorize(request, options);
      outcome = await tryOnce(request, options);
    }
    // The deletion whose reply was lost did its work.
    if (mayBeDone && request.method === 'DELETE' && statusOf(outcome) === 404) {
      return withoutBody(outcome as Response);
    }
    if (retry === retries || !isWorthARetry(outcome)) {
      if (outcome instanceof Response) return outcome;
      throw outcome;
    }
    mayBeDone ||= ![429, 503].includes(statusOf(outcome) ?? 0);
    await delay(delayOf(retry, outcome), request.signal);
  }
}

/** A reply, or why there is none. */
type Outcome = Response | TasksErrorOf<'network-error' | 'timeout'>;

/** One try with the whole of its reply, which may get lost on the way as well. */
async function tryOnce(request: Request, { fetch, timeout }: RetryOptions): Promise<Outcome> {
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

/** Puts the caller's token on a request; none when it is empty. */
async function authorize({ headers, signal }: Request, { token, timeout }: RetryOptions) {
  const value = await bounded(async () => await token(), timeout, signal).catch(
    (cause: unknown) => {
      if (!(cause instanceof TimeoutError)) throw cause;
      throw new TasksErrorOf('timeout', { message: `No token within ${timeout} ms`, cause });
    },
  );
  if (value) headers.set('Authorization', `Bearer ${value}`);
  else headers.delete('Authorization');
}

async function saysTokenExpired(outcome: Outcome): Promise<boolean> {
  if (!(outcome instanceof Response) || outcome.status !== 401) return false;
  return (await codeOf(outcome)) === 'token-expired';
}

function statusOf(outcome: Outcome): number | undefined {
  return outcome instanceof Response ? outcome.status : undefined;
}

function isWorthARetry(outcome: Outcome): boolean {
  if (!(outcome instanceof Response)) return true;
  const asked = retryAfterOf(outcome) ?? 0;
  return RETRIED_STATUSES.includes(outcome.status) && asked <= LONGEST_RETRY_AFTER_S;
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
