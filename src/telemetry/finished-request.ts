import type { ProblemCode } from '../errors/problem.ts';

/** A request whose response was sent, or whose connection was lost. */
export interface FinishedRequest {
  /** Undefined for a path outside the contract. */
  readonly operationId: string | undefined;
  /** Undefined if the connection was lost before. */
  readonly status: number | undefined;
  readonly seconds: number;
  /** The code of the error response. */
  readonly problemCode: ProblemCode | undefined;
}

export type Observer = (request: FinishedRequest) => void;
