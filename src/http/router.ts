import findMyWay from 'find-my-way';

/** A path of the contract that matches the path of a URL. */
interface Route<Operation> {
  /** The operations of the path, by HTTP method. */
  readonly operations: ReadonlyMap<string, Operation>;
  /** The value of the `Allow` header: the methods of the contract, and those that the pipeline adds (HEAD, OPTIONS). */
  readonly allow: string;
  /** Matches the path as the client sent it, percent-encoded. */
  readonly pattern: RegExp;
}

interface Match<Operation> {
  readonly route: Route<Operation>;
  /** The path parameters, percent-decoded. */
  readonly params: Record<string, string>;
}

/** Finds the route of the path of a URL; undefined if the contract does not have the path. */
export type Router<Operation> = (path: string) => Match<Operation> | undefined;

/** Node.js limits the request line and headers to 16 KiB. */
const MAX_PARAMETER_LENGTH = 16 * 1024;

/** The router would match an empty segment with a parameter, and ignore what follows a `#`. */
const NO_PATH = /\/\/|\/$|#/;

/** Compiles the paths of the contract to a router. A path without parameters takes precedence over one with parameters. */
export function createRouter<Operation extends { path: string; method: string }>(
  operations: readonly Operation[],
): Router<Operation> {
  // The methods are looked up in the route, so that all paths are registered with the same one.
  const paths = findMyWay({ maxParamLength: MAX_PARAMETER_LENGTH });
  for (const [path, ofPath] of Map.groupBy(operations, ({ path }) => path)) {
    const route: Route<Operation> = {
      operations: new Map(ofPath.map((operation) => [operation.method, operation])),
      allow: allowedMethods(ofPath.map(({ method }) => method)),
      pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    };
    paths.on('GET', path.replaceAll(/\{(\w+)\}/g, ':$1'), () => undefined, route);
  }
  return (path) => {
    const found = NO_PATH.test(path) ? null : paths.find('GET', path);
    if (!found) return undefined;
    const route = found.store as Route<Operation>;
    // Only parameters may be percent-encoded: a proxy that allows or denies paths compares the others as they are.
    if (path.includes('%') && !route.pattern.test(path)) return undefined;
    return { route, params: found.params as Record<string, string> };
  };
}

/** The value of the `Allow` header for methods that the service supports. `GET` includes `HEAD`. */
export function allowedMethods(methods: readonly string[]): string {
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
