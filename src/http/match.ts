import type { Request } from 'express';

/** The operation that the validator matched. */
export interface MatchedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

/** What the validator attaches to a request that matches an operation. */
interface Match {
  readonly schema: MatchedOperation;
  readonly pathParams: Record<string, string>;
}

/** The match of a request; undefined before the validator has seen it, and when there is none. */
export function matchOf(request: Request): Match | undefined {
  return (request as { openapi?: Match }).openapi;
}

/** The operation of a request; undefined where there is no match. */
export function matchedOperation(request: Request): MatchedOperation | undefined {
  return matchOf(request)?.schema;
}
