import { readFileSync } from 'node:fs';
import type { Document } from 'openapi-backend';
import { parse } from 'yaml';
import type { operations } from '../generated/types.ts';
import type { Caller } from './auth/caller.ts';
import type { Services } from './operations/services.ts';

/** The file of the contract. */
export const CONTRACT = new URL('../openapi/tasks.yaml', import.meta.url);

/** Reads openapi/tasks.yaml: a fresh object on every call, since its users change theirs. */
export function loadContract(): Document {
  const contract: unknown = parse(readFileSync(CONTRACT, 'utf8'));
  if (typeof contract !== 'object') throw new Error('openapi/tasks.yaml is no OpenAPI document');
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
  readonly query: Given<operations[Id]['parameters']['query']>;
  readonly headers: Given<operations[Id]['parameters']['header']>;
  readonly body: Content<operations[Id]['requestBody']>;
}
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

/** What an operation does: a plain function that knows no HTTP framework. */
export type Handler<Id extends OperationId> = (
  request: OperationRequest<Id>,
  caller: Id extends PublicOperationId ? null : Caller,
  services: Services,
) => Promise<Reply<Id>>;

/** One handler for every operation of the contract; a missing or an ill-fitting one does not compile. */
export type Handlers = { [Id in OperationId]: Handler<Id> };
