/** What Redocly gives a rule to work with. */
export interface Context {
  readonly location: Location;
  readonly report: (problem: { message: string; location?: Location }) => void;
  /** Follows a reference; anything else is its own node. */
  readonly resolve: <Node>(node: Node | Reference) => { node: Node };
}

interface Location {
  child(keys: readonly string[]): Location;
  key(): Location;
}

export interface Reference {
  readonly $ref: string;
}
