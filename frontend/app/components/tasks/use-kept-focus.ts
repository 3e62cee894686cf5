import { useLayoutEffect, useRef, type FocusEvent, type RefObject } from 'react';
import { focusRow, neighbourOf, rowKeyOf, rowKeysIn } from './list-focus.ts';

interface Handlers {
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
}

/**
 * Keeps the focus in a list when the element that has it goes away: it stays in the same row, or goes to the row that took
 * its place, or to the list itself when there is none. To be called where the rows are drawn.
 *
 * @returns the handlers of the list, which has to be focusable
 */
export function useKeptFocus(list: RefObject<HTMLElement | null>): Handlers {
  /** The row that has the focus, or had it last. */
  const last = useRef<string>(undefined);
  const isInside = useRef(false);
  const before = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    const after = rowKeysIn(list.current);
    const key = last.current;
    if (isInside.current && document.activeElement === document.body) {
      const isThere = key === undefined || after.includes(key);
      const next = isThere ? key : neighbourOf(key, before.current, after);
      if (!focusRow(list.current, next)) list.current?.focus({ preventScroll: true });
    }
    before.current = after;
  });
  return {
    onFocus({ target }) {
      // The focus in a dialog of a row comes here as well.
      if (list.current?.contains(target)) last.current = rowKeyOf(target);
      isInside.current = true;
    },
    // React does not tell of elements that it takes away itself.
    onBlur() {
      isInside.current = false;
    },
  };
}
