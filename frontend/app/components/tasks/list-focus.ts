import { useLayoutEffect, useRef, useState, type FocusEvent, type RefObject } from 'react';
import { flushSync } from 'react-dom';

/** The attribute that marks a row of the list, with the row's key. */
const ROW = 'data-row';

export function rowProps(key: string): { readonly 'data-row': string } {
  return { [ROW]: key };
}

/** The attribute that marks the control of a row that gets the focus. */
export const mainProps = { 'data-main': '' };

/** The key of the row that contains an element. */
export function rowKeyOf(element: Element | null): string | undefined {
  return element?.closest(`[${ROW}]`)?.getAttribute(ROW) ?? undefined;
}

/** Focuses the main control of a row, or its first control. Returns whether there is one. */
function focusRow(list: Element | null, key: string | undefined): boolean {
  if (key === undefined) return false;
  const row = list?.querySelector(`[${ROW}="${CSS.escape(key)}"]`);
  const control =
    row?.querySelector<HTMLElement>('[data-main]') ??
    row?.querySelector<HTMLElement>('input, button');
  control?.focus();
  return control !== null && control !== undefined;
}

/**
 * The row to focus after a row was removed: the next one that still exists, or else the closest one before.
 *
 * @param before the keys before the removal
 * @param after the keys after it
 */
export function neighbourOf(
  key: string,
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const remaining = new Set(after);
  const exists = (other: string) => remaining.has(other);
  const index = before.indexOf(key);
  return before.slice(index + 1).find(exists) ?? before.slice(0, index).findLast(exists);
}

/** The row below or above a row. At the end of the list it is the same row; without a current row it is the first. */
export function stepFrom(
  key: string | undefined,
  keys: readonly string[],
  step: 1 | -1,
): string | undefined {
  const index = key === undefined ? -1 : keys.indexOf(key);
  return index < 0 ? keys[0] : (keys[index + step] ?? key);
}

interface Handlers {
  readonly onFocus: (event: FocusEvent) => void;
  readonly onBlur: () => void;
}

export interface ListFocus {
  /** The event handlers of the list, which must be focusable. */
  readonly handlers: Handlers;
  /** The key of the row that has the focus or had it last. It must stay in the document. */
  readonly focusedKey: string | undefined;
  /** Focuses a row, also one that is not in the document. */
  readonly focus: (key: string | undefined) => void;
}

/**
 * Keeps the focus in the list when the focused element is removed: it stays in the same row, or moves to the neighbouring row, or to
 * the list itself if no row is left. Must be called by the component that renders the rows.
 *
 * @param keys the keys of the focusable rows, from top to bottom
 */
export function useListFocus(
  list: RefObject<HTMLElement | null>,
  keys: readonly string[],
): ListFocus {
  const [focusedKey, setFocusedKey] = useState<string>();
  const isInside = useRef(false);
  const before = useRef<readonly string[]>([]);
  useLayoutEffect(() => {
    if (isInside.current && document.activeElement === document.body) {
      const exists = focusedKey === undefined || keys.includes(focusedKey);
      const next = exists ? focusedKey : neighbourOf(focusedKey, before.current, keys);
      if (!focusRow(list.current, next)) list.current?.focus({ preventScroll: true });
    }
    before.current = keys;
  });
  return {
    focusedKey,
    focus(key) {
      if (focusRow(list.current, key)) return;
      // Renders the row, which is out of view.
      flushSync(() => {
        setFocusedKey(key);
      });
      focusRow(list.current, key);
    },
    handlers: {
      onFocus({ target }) {
        // React also bubbles events from a dialog that a row has opened.
        if (list.current?.contains(target)) setFocusedKey(rowKeyOf(target));
        isInside.current = true;
      },
      // Not called for elements that React removes.
      onBlur() {
        isInside.current = false;
      },
    },
  };
}
