/** The context that Redocly passes to a lint rule. */
export interface Context {
  readonly location: Location;
  readonly report: (problem: { message: string; location?: Location }) => void;
  /** Resolves a reference; returns any other node as it is. */
  readonly resolve: <Node>(node: Node | Reference) => { node: Node };
}

interface Location {
  child(keys: readonly string[]): Location;
  key(): Location;
}

export interface Reference {
  readonly $ref: string;
}
