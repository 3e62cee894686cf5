interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}

/** As many as a page of the contract can have, since every page is wanted. */
const LIMIT = 100;

/** Every item of a list, page by page as they are needed; up to a page that leads to itself, as those of a mock server may. */
export async function* everyItem<Item>(
  list: (page: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): AsyncGenerator<Item, void> {
  let cursor: string | null | undefined;
  let next: string | null | undefined;
  do {
    cursor = next;
    const page = await list({ limit: LIMIT, ...(cursor && { cursor }) });
    yield* page.items;
    next = page.next_cursor;
  } while (next !== null && next !== cursor);
}
