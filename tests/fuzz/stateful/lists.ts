import { expect } from 'vitest';
import type { List } from '../../../src/tasks/list-query.ts';
import type { Client, Task } from '../../support/client.ts';
import { query } from '../../support/tasks.ts';
import type { Model } from './model.ts';

/** ICU's root collation, ignoring case, with numeric ordering, as implemented in ECMAScript. */
const collator = new Intl.Collator('und', { sensitivity: 'accent', numeric: true });
const byText = (a: string, b: string) => Number(a > b) - Number(a < b);

/** The tasks of a list, sorted. */
export function listed({ tasks }: Model, { status, sort, order }: List): Task[] {
  const direction = order === 'asc' ? 1 : -1;
  const bySort = (a: Task, b: Task) =>
    sort === 'title'
      ? collator.compare(a.title, b.title)
      : byText(a[`${sort}_at`], b[`${sort}_at`]);
  return [...tasks.values()]
    .map(({ task }) => task)
    .filter(({ completed }) => status === 'all' || completed === (status === 'completed'))
    .toSorted((a, b) => direction * (bySort(a, b) || byText(a.id, b.id)));
}

/** Reads all pages of a list. Every page except the last is full, and only the first may be empty. */
export async function walk(
  client: Client,
  path: string,
  list: List,
  limit: number,
): Promise<Task[]> {
  const found: Task[] = [];
  let cursor: string | null = null;
  do {
    const next: string = query({ ...list, limit, ...(cursor !== null && { cursor }) });
    const { status, body, text } = await client.list(next, path);
    expect(status, text).toBe(200);
    if (body.next_cursor !== null) expect(body.items).toHaveLength(limit);
    if (cursor !== null) expect(body.items).not.toHaveLength(0);
    found.push(...body.items);
    cursor = body.next_cursor;
  } while (cursor !== null);
  return found;
}
