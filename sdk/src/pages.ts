interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** As many as a page of the contract can have: for those who want every page. */
export const LONGEST_PAGE = 100;

/** Every item of a list, page by page as they are needed; up to a page that leads to itself, as a mock server's may. */
export async function* everyItem<Item>(
  list: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void> {
  let cursor: string | undefined;
  for (;;) {
    const { items, next_cursor: next } = await list(cursor);
    yield* items;
    if (next === null || next === cursor) return;
    cursor = next;
  }
}
