import type { ProblemCode } from '../../../src/errors/problem.ts';
import type { Call } from '../call.ts';

export interface Place {
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** `body` for the body as a whole. */
  readonly name: string;
}

/** The answer that a request has to get: this problem, and for a validation-error the place that it names, and no other. */
export interface Refusal {
  readonly code: ProblemCode;
  readonly place?: Place;
  /** The methods that `Allow` has to list, for a method-not-allowed. */
  readonly allow?: readonly string[];
}

/** One thing that is wrong with a request. */
export interface Mutation {
  /** For people, and for counting. */
  readonly how: string;
  readonly expected: Refusal;
  /** Makes a valid request wrong in this one place. */
  readonly apply: (call: Call) => Call;
}

/** The refusal of a request that breaks a rule in one place. */
export function invalid(place: Place['in'], name: string): Refusal {
  return { code: 'validation-error', place: { in: place, name } };
}
