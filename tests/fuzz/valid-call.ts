import * as fc from 'fast-check';
import {
  parametersIn,
  type Operation,
  type Parameter,
  type RequestBody,
} from '../support/operations.ts';
import type { Body, Call, Pair, Reference, TokenKind } from './call.ts';
import { encoded, encodedReserved } from './encoding.ts';
import { matchingPaths } from './paths.ts';
import { character, textOf } from './text.ts';
import { validText, validValue } from './valid-values.ts';
import { users } from './world.ts';

export const LARGEST_BODY_BYTES = 64 * 1024;
const EVERY_TOKEN: TokenKind[] = ['valid', 'none', 'garbage', 'forged', 'expired'];

/** Any valid request of an operation, by a caller with a valid token. */
export function validCall(operation: Operation): fc.Arbitrary<Call> {
  const { method, requestBody } = operation;
  const methods = method === 'GET' ? ['GET', 'GET', 'GET', 'HEAD'] : [method];
  return fc
    .record({
      operation: fc.constant(operation),
      caller: fc.nat(users.length - 1),
      // Public operations ignore any token.
      token: fc.constantFrom(...(operation.secured ? (['valid'] as const) : EVERY_TOKEN)),
      method: fc.constantFrom(...methods),
      path: path(operation),
      query: pairs(parametersIn('query', operation), queryValue),
      headers: fc
        .tuple(pairs(parametersIn('header', operation), validHeader), requestId)
        .map((found) => found.flat()),
      body: requestBody ? optionalBody(requestBody) : fc.constant(undefined),
    })
    .filter(({ path }) => isUnambiguous(path));
}

/** A request id of the client, valid or not, on some of the requests. */
const requestId: fc.Arbitrary<Pair[]> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Pair[]>([]) },
  {
    weight: 2,
    arbitrary: fc
      .oneof(fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/), textOf(character, 0, 200))
      .map((text) => Buffer.from(text).toString('latin1'))
      .filter(isHeaderValue)
      .map((text): Pair[] => [['X-Request-Id', text]]),
  },
);

/** Whether a path matches one operation path only. The list of a user called `tasks` has the path of a task. */
export function isUnambiguous(path: Call['path']): boolean {
  const sent = path.map((part) => (typeof part === 'string' ? part : 'reference')).join('/');
  return matchingPaths(sent).length === 1;
}

function path(operation: Operation): fc.Arbitrary<Call['path']> {
  const parameters = parametersIn('path', operation);
  return fc.tuple(
    ...operation.path.split('/').map((segment) => {
      const parameter = parameters.find(({ name }) => segment === `{${name}}`);
      return parameter ? pathValue(parameter) : fc.constant(segment);
    }),
  );
}

/** Prefers existing tasks and users, so that about half of the requests with two references succeed. */
function pathValue(parameter: Parameter): fc.Arbitrary<string | Reference> {
  const existing: fc.Arbitrary<Reference> =
    parameter.name === 'user_id'
      ? fc.constantFrom(
          { user: 'caller' },
          { user: 'caller' },
          { user: 'caller' },
          { user: 'other' },
        )
      : fc.nat(9).map((task) => ({ task }));
  const any = parameterValue(parameter).chain(encoded);
  return fc.oneof({ weight: 2, arbitrary: existing }, { weight: 1, arbitrary: any });
}

function queryValue(parameter: Parameter): fc.Arbitrary<string> {
  return parameterValue(parameter).chain(encodedReserved);
}

/** The bytes of a valid header value. */
export function validHeader({ schema, example }: Parameter): fc.Arbitrary<string> {
  const values = validText(schema).filter(isHeaderValue);
  return example === undefined ? values : fc.oneof(values, fc.constant(String(example)));
}

/** Whether a value is valid in an HTTP header (RFC 9110, section 5.5). */
export function isHeaderValue(value: string): boolean {
  return /^([\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?)?$/.test(value);
}

function parameterValue({ schema, example }: Parameter): fc.Arbitrary<string> {
  const values = validValue(schema).map(String);
  return example === undefined ? values : fc.oneof(values, fc.constant(String(example)));
}

/** All required and some optional parameters, in any order. */
function pairs(
  parameters: readonly Parameter[],
  valueOf: (parameter: Parameter) => fc.Arbitrary<string>,
): fc.Arbitrary<Pair[]> {
  const each = parameters.map((parameter) => {
    const pair = valueOf(parameter).map((value): Pair[] => [[parameter.name, value]]);
    return parameter.required === true ? pair : fc.oneof(pair, fc.constant([]));
  });
  return fc
    .tuple(fc.tuple(...each), fc.boolean())
    .map(([found, reversed]) => (reversed ? found.flat().toReversed() : found.flat()));
}

/** A valid body, or none if it is optional; a chunked body may be empty. */
function optionalBody(requestBody: RequestBody): fc.Arbitrary<Body | undefined> {
  const body = validBody(requestBody);
  const empty = { mediaType: undefined, bytes: Buffer.alloc(0), chunked: true };
  return requestBody.required ? body : fc.oneof(fc.constantFrom(undefined, empty), body);
}

/** A valid body in any of its media types and any equivalent notation. */
export function validBody({ content }: RequestBody): fc.Arbitrary<Body> {
  return fc.oneof(
    ...Object.entries(content).map(([type, { schema }]) =>
      fc.record({
        mediaType: fc.constantFrom(type, type.toUpperCase(), `${type}; charset=utf-8`),
        bytes: validValue(schema).chain(written),
        chunked: fc.boolean(),
      }),
    ),
  );
}

function written(value: unknown): fc.Arbitrary<Uint8Array> {
  const text = JSON.stringify(value);
  const escaped = text.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const largest = text + ' '.repeat(LARGEST_BODY_BYTES - Buffer.byteLength(text));
  return fc
    .oneof(
      { weight: 20, arbitrary: fc.constantFrom(text, escaped, JSON.stringify(value, null, 2)) },
      { weight: 1, arbitrary: fc.constantFrom(`\ufeff${text}`, largest) },
    )
    .map((json) => Buffer.from(json));
}
