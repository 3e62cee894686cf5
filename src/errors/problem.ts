import type { components } from '../../generated/types.ts';

type Schemas = components['schemas'];

/** The stable codes of everything that can go wrong, as the contract lists them. */
export type ProblemCode = Schemas['Problem']['code'];

/** One field that is wrong, and the rule that it breaks. */
export type FieldError = Schemas['FieldError'];

interface Options {
  /** What the caller reads; each code has a default. */
  detail?: string;
  errors?: FieldError[];
  /** The fault behind it, for the log only. */
  cause?: unknown;
}

/** An error with a code of the contract. Its HTTP status is known to `problem-reply.ts` alone. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  readonly detail: string | undefined;
  readonly errors: FieldError[] | undefined;

  constructor(code: ProblemCode, { detail, errors, cause }: Options = {}) {
    super(detail ?? code, { cause });
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}
