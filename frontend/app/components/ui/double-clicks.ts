import { useEffect } from 'react';

/** The longest time between the clicks of a double click, as on most systems. */
const LONGEST_MS = 500;
/** How far the pointer may move between them, in CSS pixels. */
const FARTHEST = 8;

const CONTROLS = 'button, a[href], input, select, textarea, summary, [role=button]';

type Place = Pick<MouseEvent, 'clientX' | 'clientY' | 'timeStamp'>;

/** Whether two clicks are at the same place shortly after each other. */
function isDoubleClick(first: Place, second: Place): boolean {
  return (
    second.timeStamp - first.timeStamp < LONGEST_MS &&
    Math.abs(second.clientX - first.clientX) <= FARTHEST &&
    Math.abs(second.clientY - first.clientY) <= FARTHEST
  );
}

/**
 * Ignores the later clicks of a double click if the first one has put another control under the pointer, for example by deleting a
 * row of a list. Without this, they would delete the next row as well.
 */
export function useDoubleClicks(): void {
  useEffect(() => {
    let first: { readonly place: Place; readonly control: Element } | undefined;
    const onClick = (event: MouseEvent) => {
      // Keys and scripts click without a position.
      if (event.detail === 0) return;
      const control = controlOf(event.target);
      if (first && control !== first.control && isDoubleClick(first.place, event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        first = { ...first, place: event };
      } else {
        first = control ? { place: event, control } : undefined;
      }
    };
    // Before React, which listens below the document.
    window.addEventListener('click', onClick, { capture: true });
    return () => {
      window.removeEventListener('click', onClick, { capture: true });
    };
  }, []);
}

/** The control that a click on an element activates. */
function controlOf(target: EventTarget | null): Element | null {
  if (!(target instanceof Element)) return null;
  return target.closest('label')?.control ?? target.closest(CONTROLS);
}
