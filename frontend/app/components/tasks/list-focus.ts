/** The attribute of a row of the list, with its key. */
const ROW = 'data-row';

export function rowProps(key: string): { readonly 'data-row': string } {
  return { [ROW]: key };
}

/** The attribute of the control of a row that the focus goes to. */
export const mainProps = { 'data-main': '' };

/** The key of the row that an element is in. */
export function rowKeyOf(element: Element | null): string | undefined {
  return element?.closest(`[${ROW}]`)?.getAttribute(ROW) ?? undefined;
}

/** The keys of the rows that can have the focus, from top to bottom. */
export function rowKeysIn(list: Element | null): readonly string[] {
  const rows = list?.querySelectorAll(`[${ROW}]:has(input, button)`) ?? [];
  return Array.from(rows, (row) => row.getAttribute(ROW) ?? '');
}

/** Focuses the main control of a row, or else its first one. Gives whether there is any. */
export function focusRow(list: Element | null, key: string | undefined): boolean {
  if (key === undefined) return false;
  const row = list?.querySelector(`[${ROW}="${CSS.escape(key)}"]`);
  const control =
    row?.querySelector<HTMLElement>('[data-main]') ??
    row?.querySelector<HTMLElement>('input, button');
  control?.focus();
  return control !== null && control !== undefined;
}

/**
 * The row to go to when one has left the list: the next one that is still there, or else the nearest before.
 *
 * @param before the keys as they were
 * @param after the keys as they are
 */
export function neighbourOf(
  key: string,
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const left = new Set(after);
  const isLeft = (other: string) => left.has(other);
  const place = before.indexOf(key);
  return before.slice(place + 1).find(isLeft) ?? before.slice(0, place).findLast(isLeft);
}

/** The row after or before one; the same at the ends, and the first when there is none to start from. */
export function stepFrom(
  key: string | undefined,
  keys: readonly string[],
  step: 1 | -1,
): string | undefined {
  const place = key === undefined ? -1 : keys.indexOf(key);
  return place < 0 ? keys[0] : (keys[place + step] ?? key);
}
