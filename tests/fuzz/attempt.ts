import * as fc from 'fast-check';
import type { Operation } from '../support/operations.ts';
import type { Call } from './call.ts';
import { bodyMutations } from './mutations/body.ts';
import { byteMutations } from './mutations/bytes.ts';
import type { ExpectedProblem } from './mutations/mutation.ts';
import { parameterMutations } from './mutations/parameters.ts';
import { targetMutations } from './mutations/target.ts';
import { tokenMutations } from './mutations/token.ts';
import { isUnambiguous, validCall } from './valid-call.ts';

/** A request and its expected result. */
export interface Attempt {
  /** The error in the request. */
  readonly how: string;
  readonly call: Call;
  /** Undefined for a valid request. */
  readonly expected: ExpectedProblem | undefined;
}

/** Node.js limits the request line and headers to 16 KiB; this leaves enough for the longest token and user id. */
const LONGEST_TEXTS = 8000;

/** Valid requests of an operation, and twice as many with exactly one error. */
export function attempts(operation: Operation): fc.Arbitrary<Attempt> {
  return fc
    .oneof(
      { weight: 1, arbitrary: validAttempt(operation) },
      { weight: 2, arbitrary: wrongAttempt(operation) },
    )
    .filter(({ call }) => textLength(call) <= LONGEST_TEXTS);
}

function validAttempt(operation: Operation): fc.Arbitrary<Attempt> {
  return validCall(operation).map((call) => ({ how: 'valid', call, expected: undefined }));
}

function wrongAttempt(operation: Operation): fc.Arbitrary<Attempt> {
  const mutations = fc.oneof(
    ...parameterMutations(operation),
    ...bodyMutations(operation),
    ...byteMutations(operation),
    ...targetMutations(operation),
    ...tokenMutations(operation),
  );
  return fc
    .tuple(validCall(operation), mutations)
    .map(([call, { how, expected, apply }]) => ({ how, expected, call: apply(call) }))
    .filter(({ call }) => call.operation === undefined || isUnambiguous(call.path));
}

function textLength({ path, query, headers }: Call): number {
  const texts = [...path, ...query.flat(), ...headers.flat()];
  return texts.filter((text) => typeof text === 'string').join('').length;
}
