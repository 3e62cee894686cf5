import { readFileSync } from 'node:fs';
import type { Document } from 'openapi-backend';
import { parse } from 'yaml';
import type { operations } from '../generated/types.ts';

/** The file of the contract. */
export const CONTRACT = new URL('../openapi/tasks.yaml', import.meta.url);

let parsed: Document | undefined;

/**
 * The document in openapi/tasks.yaml. The file is parsed once; each call returns a copy, because the libraries that
 * take the document change it.
 *
 * @throws when the file cannot be read or is not an OpenAPI document
 */
export function loadContract(): Document {
  parsed ??= parseContract(readFileSync(CONTRACT, 'utf8'));
  return structuredClone(parsed);
}

function parseContract(text: string): Document {
  const contract: unknown = parse(text);
  if (typeof contract !== 'object') {
    throw new Error('openapi/tasks.yaml is not an OpenAPI document');
  }
  return contract as Document;
}

export type OperationId = keyof operations;

/** Operations that opt out of `bearerAuth`. */
export type PublicOperationId = 'getLiveness' | 'getReadiness';

/** The JSON of a request body or reply; undefined where there is none. */
type Content<T> = T extends { content: infer ByMediaType }
  ? ByMediaType[keyof ByMediaType]
  : undefined;

/** A validated request, as the contract describes it. */
export interface OperationRequest<Id extends OperationId> {
  /** The URL's path as it was sent, for links to this and other resources. */
  readonly path: string;
  readonly params: Given<operations[Id]['parameters']['path']>;
  readonly query: WithDefaults<Given<operations[Id]['parameters']['query']>, DefaultedQuery>;
  readonly headers: Given<operations[Id]['parameters']['header']>;
  readonly body: WithDefaults<Content<operations[Id]['requestBody']>, DefaultedBodyOf<Id>>;
}

/**
 * Query parameters, and body fields by operation, with a `default` in the contract. Validation sets them, so a handler
 * always receives them. A test compares these types with the contract.
 */
export type DefaultedQuery = 'status' | 'sort' | 'limit';
export interface DefaultedBody {
  createTask: 'completed';
  createUserTask: 'completed';
}
type DefaultedBodyOf<Id> = Id extends keyof DefaultedBody ? DefaultedBody[Id] : never;
type WithDefaults<T, Name extends PropertyKey> = [Extract<keyof T, Name>] extends [never]
  ? T
  : T & Required<Pick<T, Extract<keyof T, Name>>>;
type Given<T> = [NonNullable<T>] extends [never] ? object : Readonly<NonNullable<T>>;

/** Headers that the pipeline sets on every reply. */
type PipelineHeader = 'X-Request-Id' | 'Vary';
type ReplyHeaders<T> = {
  [
    Name in keyof T as string extends Name ? never : Name extends PipelineHeader ? never : Name
  ]: T[Name];
};

type Replies<Id extends OperationId> = operations[Id]['responses'];
type Success<Id extends OperationId> = Extract<keyof Replies<Id>, 200 | 201 | 204 | 304>;
type ReplyOf<Status, Response> = { status: Status } & (Response extends { headers: infer Headers }
  ? { headers: ReplyHeaders<Headers> }
  : unknown) &
  (Content<Response> extends undefined ? { body?: undefined } : { body: Content<Response> });

/** What an operation may answer: a documented status with its headers and body. Everything else is a thrown `Problem`. */
export type Reply<Id extends OperationId> = {
  [Status in Success<Id>]: ReplyOf<Status, Replies<Id>[Status]>;
}[Success<Id>];
