interface Page {
  readonly next_cursor: string | null;
}
interface PageOf<Item> extends Page {
  readonly items: readonly Item[];
}

/** The largest `limit` that the contract allows, for iterating over all pages with the fewest requests. */
export const MAX_PAGE_SIZE = 100;

/** Iterates over all pages, fetching each when it is needed. Stops at a page with its own cursor, as a mock server returns. */
export async function* everyPage<SomePage extends Page>(
  get: (cursor: string | undefined) => Promise<SomePage>,
): AsyncGenerator<SomePage, void> {
  let cursor: string | undefined;
  for (;;) {
    const page = await get(cursor);
    yield page;
    const { next_cursor: next } = page;
    if (next === null || next === cursor) return;
    cursor = next;
  }
}

/** Iterates over all items of a list, fetching each page when it is needed. */
export async function* everyItem<Item>(
  list: (cursor: string | undefined) => Promise<PageOf<Item>>,
): AsyncGenerator<Item, void> {
  for await (const { items } of everyPage(list)) yield* items;
}
