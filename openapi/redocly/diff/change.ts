/** A change between two versions of the contract, as Redocly passes it to a diff rule. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'modified';
  /** The keyword of the node that was modified. */
  readonly property?: string;
  /** The keyword's value, or the node, before and after. */
  readonly base?: { readonly value: unknown };
  readonly revision?: { readonly value: unknown };
  readonly node: DiffNode;
}

/** A node in both versions of the contract. */
interface DiffNode {
  readonly base?: SpecNode;
  readonly revision?: SpecNode;
  readonly parent: DiffNode | null;
}

interface SpecNode {
  readonly value: unknown;
}

export interface DiffContext {
  readonly report: (problem: { message: string }) => void;
  /** The location of the change, such as `#/components/schemas/Title/maxLength`. */
  readonly location: { readonly pointer: string };
  /** Whether the changed node is part of requests, of responses, or of both. */
  readonly getDirections: () => readonly ('request' | 'response')[];
}

/** The value of a top-level keyword in the new version of the contract. */
export function ofRevision(change: Change, keyword: string): unknown {
  let node = change.node;
  while (node.parent) node = node.parent;
  return (node.revision?.value as Record<string, unknown> | undefined)?.[keyword];
}
