import * as fc from 'fast-check';
import type { Operation } from '../../support/operations.ts';
import { withHeader } from '../call.ts';
import type { Mutation } from './mutation.ts';

const refusals = [
  { token: 'none', code: 'not-authenticated' },
  { token: 'garbage', code: 'invalid-token' },
  { token: 'forged', code: 'invalid-token' },
  { token: 'expired', code: 'token-expired' },
] as const;

/** Two Authorization headers: a proxy and the service could see different callers, also for public operations. */
const twoTokens: Mutation = {
  how: 'token: repeated',
  expected: { code: 'malformed-request' },
  apply: (call) => withHeader(call, 'Authorization', 'Bearer a.b.c', 'Bearer a.b.c'),
};

/** Errors of the token of a request. */
export function tokenMutations({ secured }: Operation): fc.Arbitrary<Mutation>[] {
  if (!secured) return [fc.constant(twoTokens)];
  return [
    fc.constant(twoTokens),
    fc.constantFrom(...refusals).map(({ token, code }) => ({
      how: `token: ${token}`,
      expected: { code },
      apply: (call) => ({ ...call, token }),
    })),
  ];
}
