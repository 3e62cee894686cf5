import type { Operation } from '../support/operations.ts';

/** A placeholder in a path for the caller, another user, or one of the caller's tasks. */
export type Reference = { readonly user: 'caller' | 'other' } | { readonly task: number };

/** The token of the caller. */
export type TokenKind = 'valid' | 'none' | 'garbage' | 'forged' | 'expired';

export type Pair = readonly [name: string, value: string];

export interface Body {
  /** The Content-Type; undefined if absent. */
  readonly mediaType: string | undefined;
  readonly bytes: Uint8Array;
  /** Sent with chunked transfer coding, without Content-Length. */
  readonly chunked: boolean;
}

/** A request that is independent of the URL of the service and of the existing tasks. */
export interface Call {
  /** Undefined for a request that matches no operation. */
  readonly operation: Operation | undefined;
  /** The index of the calling user. */
  readonly caller: number;
  readonly token: TokenKind;
  readonly method: string;
  /** The segments of the path; strings are already percent-encoded. */
  readonly path: readonly (string | Reference)[];
  /** Already percent-encoded. */
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly body: Body | undefined;
}

/** Replaces a path parameter by a value. */
export function withPathValue(call: Call, name: string, value: string | Reference): Call {
  const template = call.operation?.path.split('/') ?? [];
  return {
    ...call,
    path: call.path.map((part, index) => (template[index] === `{${name}}` ? value : part)),
  };
}

/** Replaces all query parameters of this name by the given ones. */
export function withQuery(call: Call, name: string, ...values: readonly string[]): Call {
  const others = call.query.filter(([other]) => other !== name);
  return { ...call, query: [...others, ...values.map((value) => [name, value] as const)] };
}

/** Replaces all headers of this name by the given ones. */
export function withHeader(call: Call, name: string, ...values: readonly string[]): Call {
  const others = call.headers.filter(([other]) => other !== name);
  return { ...call, headers: [...others, ...values.map((value) => [name, value] as const)] };
}
