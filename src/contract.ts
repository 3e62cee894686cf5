import { readFileSync } from 'node:fs';
import { CORE_SCHEMA, load } from 'js-yaml';
import type { Document } from 'openapi-backend';
import type { operations } from '../generated/types.ts';
import { CONTRACT } from './files.ts';

let parsed: Document | undefined;

/**
 * Returns the contract, openapi/tasks.yaml. The file is parsed once; each call returns a copy, because the libraries that
 * get the document modify it.
 *
 * @throws when the file cannot be read or is not an OpenAPI document
 */
export function loadContract(): Document {
  parsed ??= parseContract(readFileSync(CONTRACT, 'utf8'));
  return structuredClone(parsed);
}

function parseContract(text: string): Document {
  const contract = load(text, { schema: CORE_SCHEMA });
  if (typeof contract !== 'object' || contract === null) {
    throw new Error('openapi/tasks.yaml is not an OpenAPI document');
  }
  return contract as Document;
}

export type OperationId = keyof operations;

/** Operations without `bearerAuth`. */
export type PublicOperationId = 'getLiveness' | 'getReadiness';

/** The JSON of a request or response body; undefined if there is no body. */
type Content<T> = T extends { content: infer ByMediaType }
  ? ByMediaType[keyof ByMediaType]
  : undefined;

/** A validated request of an operation, with the types of the contract. */
export interface OperationRequest<Id extends OperationId> {
  /** The path of the URL as the client sent it to a proxy, still percent-encoded: for links to this and other resources. */
  readonly path: string;
  readonly params: Given<operations[Id]['parameters']['path']>;
  readonly query: WithDefaults<Given<operations[Id]['parameters']['query']>, DefaultedQuery>;
  readonly headers: Given<operations[Id]['parameters']['header']>;
  readonly body: WithDefaults<Content<operations[Id]['requestBody']>, DefaultedBodyOf<Id>>;
}

/**
 * The query parameters, and the body fields by operation, that have a `default` in the contract. Validation fills them
 * in, so that a handler always receives a value. A test compares these types with the contract.
 */
export type DefaultedQuery = 'status' | 'sort' | 'limit' | 'cursor';
export interface DefaultedBody {
  createTask: 'completed';
  createUserTask: 'completed';
}
type DefaultedBodyOf<Id> = Id extends keyof DefaultedBody ? DefaultedBody[Id] : never;
type WithDefaults<T, Name extends PropertyKey> = [Extract<keyof T, Name>] extends [never]
  ? T
  : T & Required<Pick<T, Extract<keyof T, Name>>>;
type Given<T> = [NonNullable<T>] extends [never] ? object : Readonly<NonNullable<T>>;

/** Response headers that the HTTP pipeline sets, not the operation. */
type PipelineHeader = 'X-Request-Id' | 'Vary' | 'RateLimit' | 'RateLimit-Policy';
type ResponseHeaders<T> = {
  [
    Name in keyof T as string extends Name ? never : Name extends PipelineHeader ? never : Name
  ]: T[Name];
};

type Responses<Id extends OperationId> = operations[Id]['responses'];
type Success<Id extends OperationId> = Extract<keyof Responses<Id>, 200 | 201 | 204 | 304>;
type ResponseOf<Status, Response> = { status: Status } & (Response extends {
  headers: infer Headers;
}
  ? { headers: ResponseHeaders<Headers> }
  : unknown) &
  (Content<Response> extends undefined ? { body?: undefined } : { body: Content<Response> });

/** A success response of an operation: a documented status with its headers and body. Errors are thrown as a `Problem`. */
export type OperationResponse<Id extends OperationId> = {
  [Status in Success<Id>]: ResponseOf<Status, Responses<Id>[Status]>;
}[Success<Id>];
