import type { TaskPage } from '@tasks-api/client';
import type { Fetched } from './rows.ts';

/** The cursor of a page; null for the first page. */
export type Cursor = string | null;

type Page = Fetched<TaskPage>;

export interface ListPages {
  /** The cursors of the cached pages, in their order; that of the first page in any case. */
  readonly cursors: readonly Cursor[];
  /** The cursor of the page after them; null if they are the whole list. */
  readonly next: Cursor;
}

/** Follows the cursors of a list through its cached pages. */
export function pagesOf(pageAt: (cursor: Cursor) => Page | undefined): ListPages {
  const cursors: Cursor[] = [null];
  let next = pageAt(null)?.next_cursor ?? null;
  // A cursor that leads back would be an endless list.
  for (let page; next !== null && !cursors.includes(next) && (page = pageAt(next));) {
    cursors.push(next);
    next = page.next_cursor;
  }
  return { cursors, next };
}

interface Neighbours {
  /** The page as it was before. */
  readonly before: Page | undefined;
  readonly pageAt: (cursor: Cursor) => Page | undefined;
  /** Stores a page, which is then stale. */
  readonly setPage: (cursor: Cursor, page: Page) => void;
}

/**
 * Keeps a list without gaps when one of its pages is fetched again and ends elsewhere: the next page then begins there. Until the next
 * page is fetched as well, it has the known tasks that follow.
 */
export function continueList(page: Page, { before, pageAt, setPage }: Neighbours): void {
  const { next_cursor: end, items } = page;
  const after = before?.next_cursor ?? null;
  const next = after === null ? undefined : pageAt(after);
  // If a page that begins there is known, the list goes on with it.
  if (end === null || pageAt(end) || !before || !next) return;
  const fetched = new Set(items.map(({ id }) => id));
  const known = [...before.items, ...next.items];
  const last = known.findLastIndex(({ id }) => fetched.has(id));
  setPage(end, {
    items: known.slice(last + 1),
    next_cursor: next.next_cursor,
    requestedAt: Math.min(before.requestedAt, next.requestedAt),
  });
}
