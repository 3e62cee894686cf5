import type { components } from '../../generated/types.ts';

type Schemas = components['schemas'];

/** The stable error codes of the contract. */
export type ProblemCode = Schemas['Problem']['code'];

/** An invalid field and the rule that it violates. */
export type FieldError = Schemas['FieldError'];

interface Options {
  /** The explanation for the client; each code has a default. */
  detail?: string;
  /** The invalid fields, for validation-error. */
  errors?: FieldError[];
  /** The value of the `Retry-After` header, in seconds. */
  retryAfter?: number;
  /** The value of the `Allow` header, for method-not-allowed. */
  allow?: string;
  /** Why a token was rejected: logged with the request, never sent to the client. */
  reason?: string;
  /** The underlying error: logged, never sent to the client. */
  cause?: unknown;
}

/**
 * An error with a code of the contract (RFC 9457). `http/problem-types.ts` maps the code to its HTTP status. It has no stack
 * of its own, only that of its cause: to capture one takes longer than to reject a request.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;
  readonly allow: string | undefined;
  readonly retryAfter: number | undefined;
  readonly reason: string | undefined;

  constructor(
    code: ProblemCode,
    { detail, errors, allow, retryAfter, reason, cause }: Options = {},
  ) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(detail ?? code, { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
    this.allow = allow;
    this.retryAfter = retryAfter;
    this.reason = reason;
  }
}
