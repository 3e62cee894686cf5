import type { operations as Contract } from '../../generated/types.ts';

type OperationId = keyof Contract;

/** How a call is made. */
export interface CallOptions {
  /** Ends the call, waiting included; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds that each try may take, and each token; the client's `timeout` unless given. */
  readonly timeout?: number | undefined;
}

/** The name of a header as an option: `ifMatch` for `If-Match`. */
type CamelCase<Name> = Name extends `${infer Head}-${infer Tail}`
  ? Uncapitalize<`${Head}${Capitalize<CamelCase<Tail>>}`>
  : Uncapitalize<Name & string>;

type HeaderOptions<Headers> = [Headers] extends [never]
  ? unknown
  : { [Name in keyof Headers as CamelCase<Name>]: Headers[Name] | undefined };

/** The names of all headers that an operation takes, as options. */
export type HeaderOption = {
  [Id in OperationId]: keyof HeaderOptions<NonNullable<Contract[Id]['parameters']['header']>>;
}[OperationId];

type BodyOf<Operation extends { requestBody?: unknown }> = [
  NonNullable<Operation['requestBody']>,
] extends [never]
  ? unknown
  : Operation extends { requestBody: { content: infer ByMediaType } }
    ? { readonly body: ByMediaType[keyof ByMediaType] }
    : Operation extends { requestBody?: { content: infer ByMediaType } }
      ? { readonly body?: ByMediaType[keyof ByMediaType] }
      : never;

/** An optional value may as well be undefined. */
type Loose<Values> = {
  [Name in keyof Values]: Values[Name] | (object extends Pick<Values, Name> ? undefined : never);
};
type QueryOf<Query> = [Query] extends [never] ? unknown : { readonly query?: Loose<Query> };

/** What an operation takes: `path`, `query` and `body` as in the contract, and its headers by their camel-case names. */
export type Input<Id extends OperationId> = Pick<Contract[Id]['parameters'], 'path'> &
  QueryOf<NonNullable<Contract[Id]['parameters']['query']>> &
  BodyOf<Contract[Id]> &
  HeaderOptions<NonNullable<Contract[Id]['parameters']['header']>> &
  CallOptions;

/** A resource with the entity tag of its version, for `ifMatch` and `ifNoneMatch`. */
export type Versioned<Resource> = Resource & { readonly etag: string };

type Responses<Id extends OperationId> = Contract[Id]['responses'];
type BodyOfReply<Reply> = Reply extends { content: { 'application/json': infer Body } }
  ? Reply extends { headers: { ETag: string } }
    ? Versioned<Body>
    : Body
  : undefined;

/** What an operation gives: the body of its success, with its entity tag where it has one. */
type Output<Id extends OperationId> = BodyOfReply<
  Responses<Id>[Extract<keyof Responses<Id>, 200 | 201 | 204>]
>;

type Optional<T> = Partial<T> extends T ? [options?: T] : [options: T];

/** An operation as a function. One that knows 304 gives undefined for it, when it was called with `ifNoneMatch`. */
export type Method<Id extends OperationId> = 304 extends keyof Responses<Id>
  ? {
      (options: Input<Id> & { readonly ifNoneMatch?: undefined }): Promise<Output<Id>>;
      (options: Input<Id>): Promise<Output<Id> | undefined>;
    }
  : (...options: Optional<Input<Id>>) => Promise<Output<Id>>;
