import type { Request } from 'express';

/** The operation that the validator matched. */
export interface MatchedOperation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
}

/** The property that the validator adds to a request that matches an operation. */
interface Match {
  readonly schema: MatchedOperation;
  readonly pathParams: Record<string, string>;
}

/** Returns the match of a request; undefined before the validator has run, or if no operation matches. */
export function matchOf(request: Request): Match | undefined {
  return (request as { openapi?: Match }).openapi;
}

/** Returns the operation of a request; undefined if none matches. */
export function matchedOperation(request: Request): MatchedOperation | undefined {
  return matchOf(request)?.schema;
}
