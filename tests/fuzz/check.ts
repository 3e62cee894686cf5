import { expect } from 'vitest';
import { expectProblem, type Problem, type ApiResponse } from '../support/client.ts';
import { expectDocumented } from '../support/documented.ts';
import type { Attempt } from './attempt.ts';
import type { Call } from './call.ts';
import type { ExpectedProblem } from './mutations/mutation.ts';

/** The errors that a valid request may get, by the parameter that refers to earlier state. */
const codesOfState: Readonly<Record<string, string>> = {
  cursor: 'invalid-cursor',
  'Idempotency-Key': 'idempotency-key-reused',
};

/** Longer field names are truncated. */
const LONGEST_NAME = 100;

/** Asserts that the response to a request is one that the contract allows. */
export function checkResponse({ call, expected }: Attempt, response: ApiResponse): void {
  const head = call.method === 'HEAD';
  expect(response.status, 'a server error').toBeLessThan(500);
  if (head) {
    expect(response.text, 'the body of HEAD').toBe('');
    if (call.operation)
      expect(Object.keys(call.operation.responses)).toContain(`${response.status}`);
  } else {
    if (call.operation) expectDocumented(call.operation, response);
    if (response.status >= 400) expectProblem(response);
  }
  checkRequestId(call, response);
  if (expected) checkRejected(expected, response, head);
  else checkAccepted(call, response);
}

function checkAccepted({ query, headers, method }: Call, response: ApiResponse): void {
  const { code } = (response.body ?? {}) as Partial<Problem>;
  const ofState = [...query, ...headers].some(([name]) =>
    method === 'HEAD' ? name in codesOfState : code !== undefined && codesOfState[name] === code,
  );
  const invalid =
    [400, 401, 413, 415].includes(response.status) || (response.status === 422 && !ofState);
  expect(invalid ? response.text : 'accepted', 'a valid request').toBe('accepted');
}

function checkRejected(
  { code, place, allow }: ExpectedProblem,
  response: ApiResponse,
  head: boolean,
): void {
  expect(response.status, 'an invalid request is accepted').toBeGreaterThanOrEqual(400);
  if (head) return;
  const { code: found, errors = [] } = response.body as Problem;
  expect(found, response.text).toBe(code);
  if (allow)
    expect(response.headers.get('allow')?.split(', ').toSorted()).toEqual(allow.toSorted());
  if (!place) return;
  const name = [...place.name].slice(0, LONGEST_NAME).join('');
  const named = errors.map((error) => ({ in: error.in, name: error.name }));
  expect(named, response.text).toEqual([{ in: place.in, name }]);
}

/** Asserts that a valid request id of the client is returned. */
function checkRequestId({ headers }: Call, response: ApiResponse): void {
  const given = headers.find(([name]) => name === 'X-Request-Id')?.[1] ?? '';
  if (/^[A-Za-z0-9._-]{1,128}$/.test(given)) {
    expect(response.headers.get('x-request-id')).toBe(given);
  }
}
