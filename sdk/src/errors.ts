import type { FieldError, Problem } from './schemas.ts';

/**
 * What can go wrong: the codes of the contract, and three of the way there and back. `network-error`: no whole reply came.
 * `timeout`: none came in time. `unexpected-reply`: it is not of the contract, such as a proxy's error page.
 */
export type TasksErrorCode = Problem['code'] | 'network-error' | 'timeout' | 'unexpected-reply';

interface Details {
  readonly message: string;
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfter?: number | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly cause?: unknown;
}

/** A call that failed. `message` is for people and may change; branch on `code`. */
export class TasksErrorOf<Code extends TasksErrorCode> extends Error {
  static {
    // What stack traces begin with, too.
    Object.defineProperty(this, 'name', { value: 'TasksError' });
    Object.defineProperty(this.prototype, 'name', { value: 'TasksError' });
  }
  readonly code: Code;
  /** The HTTP status; undefined when there was no reply. */
  readonly status: number | undefined;
  /** Finds the request in the service's log. */
  readonly requestId: string | undefined;
  /** Seconds to wait before the next try, where the service says so. */
  readonly retryAfter: number | undefined;
  /** The fields that break a rule; empty unless the code is `validation-error`. */
  readonly errors: readonly FieldError[];

  constructor(code: Code, { message, status, requestId, retryAfter, errors, cause }: Details) {
    super(message, { cause });
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.errors = errors ?? [];
  }
}

/** The errors of the client, one for each code: a `switch` over `code` can exhaust them. */
export type TasksError = { [Code in TasksErrorCode]: TasksErrorOf<Code> }[TasksErrorCode];

/** Whether something caught comes from the client. Aborts and what `token` throws do not: they pass as they are. */
export function isTasksError(error: unknown): error is TasksError {
  // By its name, since an application may have the package twice.
  return error instanceof Error && error.name === 'TasksError';
}

/** The error of a reply that is no success, from its parsed body. */
export function errorOfReply(response: Response, body: unknown): TasksError {
  const { status, headers } = response;
  const requestId = headers.get('X-Request-Id') ?? undefined;
  const retryAfter = retryAfterOf(response);
  if (isProblem(body)) {
    const { code, detail, errors } = body;
    return new TasksErrorOf(code, { message: detail, status, requestId, retryAfter, errors });
  }
  const message = `The reply is not one of the Tasks API (HTTP status ${status})`;
  return new TasksErrorOf('unexpected-reply', { message, status, requestId, retryAfter });
}

/** The seconds of `Retry-After`, which may also be a date (RFC 9110, section 10.2.3); undefined for anything else. */
export function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('Retry-After') ?? '';
  if (/^\d+$/.test(value)) return Number(value);
  const date = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** The code of a problem, without reading it away; undefined for anything else. */
export async function codeOf(outcome: Response | Error): Promise<string | undefined> {
  if (!(outcome instanceof Response) || outcome.ok) return undefined;
  const body: unknown = await outcome
    .clone()
    .json()
    .catch(() => undefined);
  return isProblem(body) ? body.code : undefined;
}

/** The problems of the service, and not those of somebody on the way. */
function isProblem(body: unknown): body is Problem {
  const { type, code, detail } = (body ?? {}) as Partial<Record<keyof Problem, unknown>>;
  return typeof detail === 'string' && type === `urn:tasks-api:problem:${String(code)}`;
}
