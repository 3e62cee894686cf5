import type { FieldError, Problem } from './schemas.ts';

/**
 * The error codes: those of the contract, and three of the client. `network-error`: the response is incomplete or missing.
 * `timeout`: no response in time. `unexpected-reply`: not a valid response of the service, such as a proxy's error page.
 */
export type TasksErrorCode = Problem['code'] | 'network-error' | 'timeout' | 'unexpected-reply';

const REDIRECTS = [301, 302, 303, 307, 308];

interface Details {
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly outcomeUnknown?: boolean;
  readonly cause?: unknown;
}

/** The error of a failed call. Branch on `code`; `message` is for people and may change. */
export class TasksErrorOf<Code extends TasksErrorCode> extends Error {
  static {
    // On the prototype as well: stack traces begin with it.
    Object.defineProperty(this, 'name', { value: 'TasksError' });
    Object.defineProperty(this.prototype, 'name', { value: 'TasksError' });
  }
  readonly code: Code;
  /** The HTTP status of the response; undefined if there was none. */
  readonly status: number | undefined;
  /** Identifies the request in the server log; undefined if there was no response of the service. */
  readonly requestId: string | undefined;
  /** The number of seconds to wait before retrying, from `Retry-After`; undefined if the response has none. */
  readonly retryAfter: number | undefined;
  /** The invalid fields; empty unless `code` is `validation-error`. */
  readonly errors: readonly FieldError[];
  /**
   * Whether the change may have been made although the call failed, because an attempt got no response or a 5xx status.
   * Always false if the call only reads.
   */
  readonly outcomeUnknown: boolean;

  constructor(code: Code, { message, outcomeUnknown = false, cause, ...details }: Details) {
    super(outcomeUnknown ? `${message}. The request may have taken effect.` : message, { cause });
    this.code = code;
    this.status = details.status;
    this.requestId = details.requestId;
    this.retryAfter = details.retryAfter;
    this.errors = details.errors ?? [];
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** The errors of the client, one type per code, so that a `switch` over `code` can be exhaustive. */
export type TasksError = { [Code in TasksErrorCode]: TasksErrorOf<Code> }[TasksErrorCode];

/** Whether an error comes from the client. Abort reasons and errors of your `token` function are passed through unchanged. */
export function isTasksError(error: unknown): error is TasksError {
  // By name and not `instanceof`: an application may contain two copies of the package.
  return error instanceof Error && error.name === 'TasksError';
}

/** The error for an unsuccessful or invalid response and its parsed body. */
export function errorOfResponse(
  response: Response,
  body: unknown,
  outcomeUnknown: boolean,
): TasksError {
  const { headers } = response;
  const details = {
    // A browser hides a redirect: its status is 0.
    status: response.status || undefined,
    requestId: headers.get('X-Request-Id') ?? undefined,
    retryAfter: retryAfterOf(headers),
    outcomeUnknown,
  };
  if (isProblem(body)) {
    const { code, detail: message, errors } = body;
    return new TasksErrorOf(code, { message, errors, ...details });
  }
  return new TasksErrorOf('unexpected-reply', {
    message: unexpectedResponse(response),
    ...details,
  });
}

function unexpectedResponse({ type, status, headers }: Response): string {
  if (type !== 'opaqueredirect' && !REDIRECTS.includes(status))
    return `Not a valid response of the Tasks API (HTTP status ${status})`;
  const target = headers.get('Location') ?? 'another URL';
  return `Redirected to ${target}, which the client does not follow; correct \`baseUrl\``;
}

/** `Retry-After` in seconds (RFC 9110, section 10.2.3); the header may also be a date. Undefined if missing or invalid. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After') ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  const date = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** Whether a body is a problem document of the service, and not, for example, of a proxy. */
function isProblem(body: unknown): body is Problem {
  const { type, code, detail } = (body ?? {}) as Partial<Record<keyof Problem, unknown>>;
  return typeof detail === 'string' && type === `urn:tasks-api:problem:${String(code)}`;
}
