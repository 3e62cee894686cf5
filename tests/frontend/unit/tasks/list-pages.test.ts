import type { Task, TaskPage } from '@tasks-api/client';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import {
  continueList,
  pagesOf,
  type Cursor,
} from '../../../../frontend/app/lib/tasks/list-pages.ts';
import { rowsOf, type Fetched } from '../../../../frontend/app/lib/tasks/rows.ts';
import { DEFAULT_VIEW } from '../../../../frontend/app/lib/tasks/view.ts';

const PAGE_SIZE = 3;

const taskAt = (position: number): Task => ({
  ...{ id: String(position), user_id: 'alice', title: '', description: null, completed: false },
  ...{ created_at: '2026-11-21T09:30:00Z', updated_at: '2026-11-21T09:30:00Z' },
});

/** A stored list sorted by position, and the pages that a browser has cached. A cursor is the position of the last task of a page. */
function openList() {
  const stored = new Set<number>();
  const cache = new Map<Cursor, Fetched<TaskPage>>();
  let time = 0;
  const pageAt = (cursor: Cursor) => cache.get(cursor);
  const fetchPage = (cursor: Cursor) => {
    const after = [...stored].filter((position) => cursor === null || position > Number(cursor));
    const items = after.toSorted((a, b) => a - b).slice(0, PAGE_SIZE);
    const next_cursor = after.length > items.length ? String(items.at(-1)) : null;
    const page = { items: items.map(taskAt), next_cursor, requestedAt: ++time };
    continueList(page, {
      ...{ before: cache.get(cursor), pageAt },
      setPage: (at, next) => cache.set(at, next),
    });
    cache.set(cursor, page);
  };
  const { cursors } = pagesOf(pageAt);
  return {
    stored,
    fetchPage,
    pages: () => pagesOf(pageAt),
    shown() {
      const pages = pagesOf(pageAt).cursors.flatMap((cursor) => cache.get(cursor) ?? []);
      return rowsOf(pages, { changes: [], unsent: [] }, DEFAULT_VIEW, (id) => id).map(({ key }) =>
        Number(key),
      );
    },
    /** Fetches all pages from the first one on, as they come into view while scrolling down. */
    scrollThrough() {
      const seen = new Set<Cursor>();
      for (let cursor: Cursor | undefined = cursors[0]; cursor !== undefined;) {
        seen.add(cursor);
        fetchPage(cursor);
        const { cursors: now, next } = pagesOf(pageAt);
        cursor = [...now, ...(next === null ? [] : [next])].find((other) => !seen.has(other));
      }
    },
  };
}

const position = fc.integer({ min: 0, max: 40 });
const step = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), position }),
  fc.record({ kind: fc.constant('delete' as const), position }),
  fc.record({ kind: fc.constant('fetch' as const), page: fc.nat({ max: 9 }) }),
);

test('after scrolling through, a list is complete and in order, whichever pages were refetched before', () => {
  fc.assert(
    fc.property(fc.uniqueArray(position), fc.array(step, { maxLength: 40 }), (start, steps) => {
      const list = openList();
      for (const position of start) list.stored.add(position);
      list.scrollThrough();
      for (const step of steps) {
        if (step.kind === 'add') list.stored.add(step.position);
        else if (step.kind === 'delete') list.stored.delete(step.position);
        else {
          const { cursors, next } = list.pages();
          const all = [...cursors, ...(next === null ? [] : [next])];
          list.fetchPage(all[step.page % all.length] ?? null);
        }
      }
      list.scrollThrough();
      expect(list.shown()).toEqual([...list.stored].toSorted((a, b) => a - b));
    }),
    { numRuns: 1000 },
  );
});

test('an addition moves the limit of its page, and no task is missing before the next page is fetched', () => {
  const list = openList();
  for (const position of [1, 2, 3, 4, 5, 6, 7]) list.stored.add(position);
  list.scrollThrough();
  list.stored.add(0);
  list.fetchPage(null);
  expect(list.shown()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test.each([
  [5, 2],
  [2, 5],
])(
  'the tasks that follow a refetched page are as old as the oldest of the pages they come from (%i and %i)',
  (before, after) => {
    const pageOf = (positions: number[], next_cursor: Cursor, requestedAt: number) => ({
      items: positions.map(taskAt),
      next_cursor,
      requestedAt,
    });
    const next = pageOf([4, 5], null, after);
    const setPage = vi.fn();
    continueList(pageOf([0, 1, 2], '2', 9), {
      before: pageOf([1, 2, 3], '3', before),
      pageAt: (cursor) => (cursor === '3' ? next : undefined),
      setPage,
    });
    expect(setPage).toHaveBeenCalledExactlyOnceWith('2', pageOf([3, 4, 5], null, 2));
  },
);
