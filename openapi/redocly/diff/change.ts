/** A change between two contracts, as Redocly shows it to a diff rule. */
export interface Change {
  readonly kind: 'added' | 'removed' | 'modified';
  /** What was modified: a keyword of the node. */
  readonly property?: string;
  /** The keyword's value, or the node, before and after. */
  readonly base?: { readonly value: unknown };
  readonly revision?: { readonly value: unknown };
  readonly node: DiffNode;
}

/** A place in both contracts. */
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
  /** Where the change is written, such as `#/components/schemas/Title/maxLength`. */
  readonly location: { readonly pointer: string };
  /** Whether what has changed is sent by clients, by the service, or by both. */
  readonly getDirections: () => readonly ('request' | 'response')[];
}

/** A keyword of the whole contract that is compared with. */
export function ofRevision(change: Change, keyword: string): unknown {
  let node = change.node;
  while (node.parent) node = node.parent;
  return (node.revision?.value as Record<string, unknown> | undefined)?.[keyword];
}
