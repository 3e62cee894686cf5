import type { ProblemCode } from '../../../src/errors/problem.ts';
import type { Call } from '../call.ts';

export interface Place {
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** `body` for the whole body. */
  readonly name: string;
}

/** The expected problem; for a validation-error, also the only place that it must name. */
export interface ExpectedProblem {
  readonly code: ProblemCode;
  readonly place?: Place;
  /** The expected methods in `Allow`, for a method-not-allowed. */
  readonly allow?: readonly string[];
}

/** One error in a request. */
export interface Mutation {
  /** Its description, also used for counting. */
  readonly how: string;
  readonly expected: ExpectedProblem;
  /** Adds the error to a valid request. */
  readonly apply: (call: Call) => Call;
}

/** The expected validation-error for an error in one place. */
export function invalid(place: Place['in'], name: string): ExpectedProblem {
  return { code: 'validation-error', place: { in: place, name } };
}
