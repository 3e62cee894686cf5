interface Page {
  readonly next_cursor: string | null;
}
interface PageOf<Item> extends Page {
  readonly items: readonly Item[];
}

/** As many as a page of the contract can have: for those who want every page. */
export const LONGEST_PAGE = 100;

/** Every page, as they are needed; up to one that leads to itself, as a mock server's may. */
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

/** Every item of a list, page by page as they are needed. */
export async function* everyItem<Item>(
  list: (cursor: string | undefined) => Promise<PageOf<Item>>,
): AsyncGenerator<Item, void> {
  for await (const { items } of everyPage(list)) yield* items;
}
