declare module 'openapi-to-postmanv2' {
  type Converted =
    | { result: true; output: readonly { data: object }[] }
    | { result: false; reason: string };

  /** Converts an OpenAPI document to a collection, as Postman does when it imports one. */
  export function convertV2(
    input: { type: 'string'; data: string },
    options: Readonly<Record<string, unknown>>,
    callback: (error: Error | null, result: Converted) => void,
  ): void;
}

/** The parts that the tests use. The package has types, but its package.json does not name them. */
declare module 'postman-collection' {
  interface Variable {
    readonly key: string;
    readonly value: unknown;
    set(value: unknown): void;
  }

  export class Request {
    constructor(definition: object);
    readonly method: string;
    readonly url: {
      readonly path?: readonly string[];
      readonly variables: { all(): readonly Variable[] };
      toString(): string;
    };
    readonly body?: { toString(): string };
    getHeaders(options: { enabled: boolean }): Record<string, string>;
    toJSON(): object;
  }

  export interface Item {
    readonly request: Request;
    getAuth(): { parameters(): { all(): readonly Variable[] } } | undefined;
  }

  export class Collection {
    constructor(definition: object);
    forEachItem(callback: (item: Item) => void): void;
  }

  export const Property: {
    replaceSubstitutionsIn(value: object, variables: readonly object[]): unknown;
  };
}
