import { loadContract } from '../../src/contract.ts';

/** What the contract says of an operation at a glance, without its references. */
interface ContractOperation {
  readonly operationId: string;
  readonly method: string;
  readonly path: string;
  /** The statuses that it documents, in ascending order. */
  readonly statuses: readonly string[];
}

/** Every operation of the contract, in its order. */
export function contractOperations(): ContractOperation[] {
  return Object.entries(loadContract().paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item as Record<string, { operationId?: string; responses?: object }>).flatMap(
      ([method, { operationId, responses = {} }]) =>
        operationId === undefined
          ? []
          : { operationId, method: method.toUpperCase(), path, statuses: Object.keys(responses) },
    ),
  );
}
