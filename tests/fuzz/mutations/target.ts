import * as fc from 'fast-check';
import { parametersIn, type Operation } from '../../support/operations.ts';
import { type Call, withPathValue, withQuery } from '../call.ts';
import { brokenEncodings } from '../encoding.ts';
import { matchingPaths, methodsOf } from '../paths.ts';
import type { Mutation, ExpectedProblem } from './mutation.ts';

const malformed: ExpectedProblem = { code: 'malformed-request' };
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];

/** Errors in the request line. */
export function targetMutations(operation: Operation): fc.Arbitrary<Mutation>[] {
  return [brokenPath(operation), brokenQuery(operation), otherMethod(operation), otherPath()];
}

function brokenPath(operation: Operation): fc.Arbitrary<Mutation> {
  const names = parametersIn('path', operation).map(({ name }) => name);
  const inPlace = fc.constantFrom(...names, undefined);
  return fc.tuple(fc.constantFrom(...brokenEncodings), inPlace).map(([text, name]) => ({
    how: 'path: encoding',
    expected: malformed,
    apply: (call) =>
      name === undefined ? extend(call, (last) => last + text) : withPathValue(call, name, text),
  }));
}

function brokenQuery(operation: Operation): fc.Arbitrary<Mutation> {
  const names = parametersIn('query', operation).map(({ name }) => name);
  return fc
    .tuple(fc.constantFrom(...brokenEncodings), fc.constantFrom(...names, 'x'), fc.boolean())
    .map(([text, name, asName]) => ({
      how: 'query: encoding',
      expected: malformed,
      apply: (call) => (asName ? withQuery(call, text, '1') : withQuery(call, name, text)),
    }));
}

function otherMethod({ path }: Operation): fc.Arbitrary<Mutation> {
  const methods = methodsOf(path);
  const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
  const others = METHODS.filter((method) => !methods.includes(method));
  return fc.constantFrom(...others).map((method) => ({
    how: 'method',
    expected: { code: 'method-not-allowed', allow },
    apply: (call) => ({ ...call, method, operation: undefined, body: undefined }),
  }));
}

/** Paths that are not in the contract. */
function otherPath(): fc.Arbitrary<Mutation> {
  const ways = [
    (last: string) => `${last}/`,
    (last: string) => `${last}//`,
    (last: string) => `/${last}`,
    (last: string) => `${last}/complete/x`,
    (last: string) => `${last}.json`,
    (last: string) => `${last};v=1`,
    (last: string) => `${last}%20`,
    (last: string) => last.toUpperCase(),
    (last: string) => `x/../${last}`,
  ];
  return fc.constantFrom(...ways).map((way) => ({
    how: 'path: not in the contract',
    expected: { code: 'not-found' },
    apply: (call) => {
      const changed = extend(call, way);
      return isKnown(changed) ? { ...call, path: ['', 'nowhere'] } : changed;
    },
  }));
}

/** Changes the last segment of a path, so that it matches no operation. */
function extend(call: Call, change: (last: string) => string): Call {
  const last = call.path.at(-1);
  const changed = typeof last === 'string' ? [change(last)] : [last ?? '', change('')];
  return { ...call, operation: undefined, path: [...call.path.slice(0, -1), ...changed] };
}

function isKnown({ path }: Call): boolean {
  const sent = path.map((part) => (typeof part === 'string' ? part : 'x')).join('/');
  return matchingPaths(sent).length > 0;
}
