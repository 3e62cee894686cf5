import type { operations as Contract } from '../../generated/types.ts';

type OperationId = keyof Contract;

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call, also between two attempts. The call rejects with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** The timeout of each attempt and of each call of `token`, in milliseconds. The default is the client's `timeout`. */
  readonly timeout?: number | undefined;
}

/** The option name of a header: `ifMatch` for `If-Match`. */
type CamelCase<Name> = Name extends `${infer Head}-${infer Tail}`
  ? Uncapitalize<`${Head}${Capitalize<CamelCase<Tail>>}`>
  : Uncapitalize<Name & string>;

type HeaderOptions<Headers> = [Headers] extends [never]
  ? unknown
  : { [Name in keyof Headers as CamelCase<Name>]: Headers[Name] | undefined };

/** The option names of all request headers in the contract. */
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

/** Allows undefined for optional values. */
type Loose<Values> = {
  [Name in keyof Values]: Values[Name] | (object extends Pick<Values, Name> ? undefined : never);
};
type QueryOf<Query> = [Query] extends [never] ? unknown : { readonly query?: Loose<Query> };

/** The options of an operation: `path`, `query` and `body` as in the contract, and its headers by camel-case name. */
export type Input<Id extends OperationId> = Pick<Contract[Id]['parameters'], 'path'> &
  QueryOf<NonNullable<Contract[Id]['parameters']['query']>> &
  BodyOf<Contract[Id]> &
  HeaderOptions<NonNullable<Contract[Id]['parameters']['header']>> &
  CallOptions;

/** A resource with its ETag, for `ifMatch` and `ifNoneMatch`. */
export type Versioned<Resource> = Resource & { readonly etag: string };

type Responses<Id extends OperationId> = Contract[Id]['responses'];
type BodyOfResponse<Response> = Response extends { content: { 'application/json': infer Body } }
  ? Response extends { headers: { ETag: string } }
    ? Versioned<Body>
    : Body
  : undefined;

/** The result of an operation: the body of its successful response, with the ETag if the response has one. */
type Output<Id extends OperationId> = BodyOfResponse<
  Responses<Id>[Extract<keyof Responses<Id>, 200 | 201 | 204>]
>;

type Optional<T> = Partial<T> extends T ? [options?: T] : [options: T];

/** An operation as a function. Called with `ifNoneMatch`, it returns undefined for a 304. */
export type Method<Id extends OperationId> = 304 extends keyof Responses<Id>
  ? {
      (options: Input<Id> & { readonly ifNoneMatch?: undefined }): Promise<Output<Id>>;
      (options: Input<Id>): Promise<Output<Id> | undefined>;
    }
  : (...options: Optional<Input<Id>>) => Promise<Output<Id>>;
