import type { Operation } from '../support/operations.ts';

/** Stands in a path for the caller or another user, or for one of the caller's tasks. */
export type Reference = { readonly user: 'caller' | 'other' } | { readonly task: number };

/** What the caller shows. */
export type TokenKind = 'valid' | 'none' | 'garbage' | 'forged' | 'expired';

export type Pair = readonly [name: string, value: string];

export interface Body {
  /** The Content-Type; undefined for none. */
  readonly mediaType: string | undefined;
  readonly bytes: Uint8Array;
  /** Sent in chunks, without its length. */
  readonly chunked: boolean;
}

/** A request before it is known where the service is, and which tasks there are. */
export interface Call {
  /** Undefined for a request that matches none. */
  readonly operation: Operation | undefined;
  /** Which of the users is calling. */
  readonly caller: number;
  readonly token: TokenKind;
  readonly method: string;
  /** What the path is made of; texts are encoded already. */
  readonly path: readonly (string | Reference)[];
  /** Encoded already. */
  readonly query: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly body: Body | undefined;
}

/** Puts a value in the place of a template of the path. */
export function withPathValue(call: Call, name: string, value: string | Reference): Call {
  const template = call.operation?.path.split('/') ?? [];
  return {
    ...call,
    path: call.path.map((part, index) => (template[index] === `{${name}}` ? value : part)),
  };
}

/** Replaces all parameters of the query that have this name, by as many as are given. */
export function withQuery(call: Call, name: string, ...values: readonly string[]): Call {
  const others = call.query.filter(([other]) => other !== name);
  return { ...call, query: [...others, ...values.map((value) => [name, value] as const)] };
}

/** Replaces all headers that have this name, by as many as are given. */
export function withHeader(call: Call, name: string, ...values: readonly string[]): Call {
  const others = call.headers.filter(([other]) => other !== name);
  return { ...call, headers: [...others, ...values.map((value) => [name, value] as const)] };
}
