import { loadContract } from '../../src/contract.ts';

interface OutlinedOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** The statuses that it documents, in ascending order. */
  readonly statuses: readonly string[];
}

/**
 * Every operation of the contract at a glance, in its order. Every test file loads this for the coverage of the contract, so
 * no references are resolved, as they are in operations.ts.
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
