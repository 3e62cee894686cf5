import { useEffect } from 'react';

/** The longest time between the clicks of a double click, as on most systems. */
const LONGEST_MS = 500;
/** How far the pointer may move between them, in CSS pixels. */
const FARTHEST = 8;

const CONTROLS = 'button, a[href], input, select, textarea, summary, [role=button]';

type Click = Pick<MouseEvent, 'clientX' | 'clientY' | 'timeStamp' | 'detail'>;

/** Whether two clicks are a double click. Browsers count the clicks of a mouse themselves, by the user's settings; not those of a finger. */
function isDoubleClick(first: Click, second: Click): boolean {
  if (second.detail > 1) return true;
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
    let first: { readonly click: Click; readonly control: Element } | undefined;
    const onClick = (event: MouseEvent) => {
      // Keys and scripts click without a position.
      if (event.detail === 0) return;
      const control = controlOf(event.target);
      if (first && control !== first.control && isDoubleClick(first.click, event)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        first = { ...first, click: event };
      } else {
        first = control ? { click: event, control } : undefined;
      }
    };
    // A key between two clicks, such as Escape, makes them two actions.
    const onKey = () => {
      first = undefined;
    };
    // Before React, which listens below the document.
    const options = { capture: true };
    window.addEventListener('click', onClick, options);
    window.addEventListener('keydown', onKey, options);
    return () => {
      window.removeEventListener('click', onClick, options);
      window.removeEventListener('keydown', onKey, options);
    };
  }, []);
}

/** The control that a click on an element activates. */
function controlOf(target: EventTarget | null): Element | null {
  if (!(target instanceof Element)) return null;
  return target.closest('label')?.control ?? target.closest(CONTROLS);
}
