import * as fc from 'fast-check';
import type { PathStyle, StoredTask } from './model.ts';

export const style = fc.constantFrom<PathStyle[]>('own', 'user');
export const index = fc.nat(7);

// PostgreSQL's and JavaScript's collations sort these equally; many differ only in case.
const character = fc.constantFrom('a', 'A', 'b', 'B', 'é', 'É', 'ß', 'Ω', '1', '9', ' ', '-');
const title = fc
  .oneof(
    fc.constantFrom('a', 'A', 'é', 'É'),
    fc.string({ unit: character, minLength: 1, maxLength: 3 }),
  )
  .filter((text) => text.trim() !== '');
const description = fc.constantFrom(null, '', 'Two litres', '👩‍👩‍👧‍👦 '.repeat(9));

export interface NewTask {
  readonly title: string;
  readonly description?: string | null;
  readonly completed?: boolean;
}
export const newTask: fc.Arbitrary<NewTask> = fc.record(
  { title, description, completed: fc.boolean() },
  { requiredKeys: ['title'], noNullPrototype: true },
);

export type Changes = Partial<NewTask>;
export const changes: fc.Arbitrary<Changes> = fc
  .record(
    { title, description, completed: fc.boolean() },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((fields) => Object.keys(fields).length > 0);

const conditions = {
  none: () => undefined,
  any: () => '*',
  current: (tags: readonly string[]) => tags.at(-1),
  'one of many': (tags: readonly string[]) => `"0", ${tags.at(-1) ?? ''}, W/"x"`,
  weak: (tags: readonly string[]) => `W/${tags.at(-1) ?? ''}`,
  compressed: (tags: readonly string[]) => tags.at(-1)?.replace(/"$/, '-gzip"'),
  stale: (tags: readonly string[]) => tags.at(-2) ?? '"0"',
};
export type Condition = keyof typeof conditions;
export const condition = fc.constantFrom(...(Object.keys(conditions) as Condition[]));

/** A conditional header with ETags of a task; empty for none. */
export function conditionHeader(
  name: 'If-Match' | 'If-None-Match',
  which: Condition,
  stored: StoredTask | undefined,
): Record<string, string> {
  const value = conditions[which](stored?.tags ?? ['"1"']);
  return value === undefined ? {} : { [name]: value };
}

/** Whether an `If-Match` matches. A weak ETag names the same version. */
export function permits(which: Condition): boolean {
  return which !== 'stale';
}

/** Whether an `If-None-Match` matches. */
export function names(which: Condition): boolean {
  return which !== 'none' && permits(which);
}
