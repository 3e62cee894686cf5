/**
 * Replaces the references (`$ref`) within a document, in place, by the objects that they refer to. Properties beside a
 * reference override those of the object (OpenAPI 3.1).
 *
 * @throws when a reference does not point to an object of the document
 */
export function dereference(document: object): void {
  const resolved = new Map<string, object>();
  const visited = new Set<object>();

  function visit(node: object): object {
    if (visited.has(node)) return node;
    visited.add(node);
    for (const [name, value] of Object.entries(node) as [string, unknown][]) {
      if (isObject(value)) Object.assign(node, { [name]: resolve(value) });
    }
    return node;
  }

  function resolve(node: object): object {
    const { $ref, ...others } = node as { $ref?: unknown };
    if (typeof $ref !== 'string') return visit(node);
    const target = targetOf($ref);
    return Object.keys(others).length === 0 ? target : { ...target, ...visit(others) };
  }

  /** `$ref` is a JSON Pointer in a fragment (RFC 6901). */
  function targetOf($ref: string): object {
    const known = resolved.get($ref);
    if (known) return known;
    const keys = $ref.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    let target: unknown = keys.shift() === '#' ? document : undefined;
    for (const key of keys) target = isObject(target) ? Reflect.get(target, key) : undefined;
    if (!isObject(target)) throw new Error(`The contract has no ${$ref}`);
    const found = resolve(target);
    resolved.set($ref, found);
    return found;
  }

  visit(document);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
