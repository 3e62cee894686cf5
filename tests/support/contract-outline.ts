import { loadContract } from '../../src/contract.ts';

interface OutlinedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** The documented statuses, in ascending order. */
  readonly statuses: readonly string[];
}

/**
 * The operations of the contract, in the order of the contract. Every test file loads this to record the contract coverage;
 * unlike operations.ts, it therefore does not resolve references.
 */
export function contractOutline(): OutlinedOperation[] {
  return Object.entries(loadContract().paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { operationId?: string; responses?: object }>).flatMap(
      ([method, { operationId, responses = {} }]) =>
        operationId === undefined
          ? []
          : { operationId, method: method.toUpperCase(), path, statuses: Object.keys(responses) },
    ),
  );
}
