import { setImmediate } from 'node:timers/promises';

/** How many items of each list are validated and serialised at a time. */
const SLICE = 100;

/** The keywords of a list that is valid if its parts are valid and it is not too long. */
const DIVISIBLE = new Set(['type', 'items', 'maxItems', 'description']);

export interface Schema {
  readonly type?: unknown;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The lists in a response body that can be divided, and how many items each has at most. */
export type Lists = ReadonlyMap<string, number>;

/** Finds the lists of a response schema that can be long. */
export function findLists({ properties = {} }: Schema = {}): Lists {
  const lists = new Map<string, number>();
  for (const [name, schema] of Object.entries(properties)) {
    const { type, maxItems = 0 } = schema;
    const isDivisible = Object.keys(schema).every((keyword) => DIVISIBLE.has(keyword));
    if (type === 'array' && maxItems > SLICE && isDivisible) lists.set(name, maxItems);
  }
  return lists;
}

type Body = Readonly<Record<string, unknown>>;

/** A response body with a long list. */
export interface LongBody {
  /** Each is the body with a slice of each list. If all are valid, the body is valid. */
  readonly parts: readonly Body[];
  readonly lists: readonly string[];
}

/**
 * Divides a response body.
 *
 * @returns undefined if no list is long
 * @throws when a list is longer than the contract allows
 */
export function divide(body: unknown, lists: Lists): LongBody | undefined {
  const found = [...lists].filter(([name]) =>
    Array.isArray((body as Partial<Body> | null)?.[name]),
  );
  const long = found.map(([name]) => [name, (body as Body)[name] as readonly unknown[]] as const);
  const length = Math.max(0, ...long.map(([, list]) => list.length));
  if (length <= SLICE) return undefined;
  for (const [name, list] of long) {
    const maxItems = lists.get(name) ?? 0;
    if (list.length > maxItems)
      throw new Error(`${name} must NOT have more than ${maxItems} items`);
  }
  const parts = Array.from({ length: Math.ceil(length / SLICE) }, (_, index) => {
    const from = index * SLICE;
    const slices = long.map(([name, list]) => [name, list.slice(from, from + SLICE)] as const);
    return { ...(body as Body), ...Object.fromEntries(slices) };
  });
  return { parts, lists: long.map(([name]) => name) };
}

let lastTurn = Promise.resolve();

/**
 * Serialises a body as `JSON.stringify` does, one part in each turn of the event loop, so that other requests do not wait for
 * all of it. All long bodies together have one part in each turn.
 *
 * @param validate is called with each part before it is serialised
 * @throws what `validate` throws
 */
export async function serializeInTurns(
  { parts, lists }: LongBody,
  validate: (part: Body) => void,
): Promise<Buffer> {
  const slices = new Map(lists.map((name) => [name, [] as Buffer[]]));
  for (const part of parts) {
    await (lastTurn = lastTurn.then(() => setImmediate()));
    validate(part);
    for (const [name, done] of slices) {
      const items = JSON.stringify(part[name]).slice(1, -1);
      if (items !== '') done.push(Buffer.from(done.length === 0 ? items : `,${items}`));
    }
  }
  const properties = Object.entries(parts[0] ?? {}).filter(([, value]) => value !== undefined);
  const chunks = properties.flatMap(([name, value], index) => {
    const list = slices.get(name);
    const json = list ? ['[', ...list, ']'] : [JSON.stringify(value)];
    return [index === 0 ? '{' : ',', JSON.stringify(name), ':', ...json];
  });
  return Buffer.concat([...chunks, '}'].map((chunk) => Buffer.from(chunk)));
}
