/** The tooltip of a page. */
export interface ShownTooltip {
  /** What it stands beside. Its words are the element's `data-tooltip`. */
  readonly anchor: HTMLElement;
  readonly open: boolean;
}

const OPEN_AFTER_MS = 400;
/** Time to move the pointer onto the tooltip, where it stays (WCAG 2.2, 1.4.13). */
const CLOSE_AFTER_MS = 150;

/**
 * Tells which tooltip shows: that of what has the pointer for a moment, or the visible focus, until Esc or a click. It listens
 * to the whole page instead of to each element, for a list has thousands of them.
 *
 * @returns what ends that
 */
export function watchTooltips(show: (tooltip: ShownTooltip) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: HTMLElement | undefined;

  const open = (anchor: HTMLElement) => {
    clearTimeout(timer);
    shown = anchor;
    show({ anchor, open: true });
  };
  const close = () => {
    clearTimeout(timer);
    if (shown) show({ anchor: shown, open: false });
    shown = undefined;
  };
  const later = (milliseconds: number, then: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(then, milliseconds);
  };

  const listening = new AbortController();
  const listen = <Name extends keyof DocumentEventMap>(
    name: Name,
    listener: (event: DocumentEventMap[Name]) => void,
  ) => {
    document.addEventListener(name, listener, { signal: listening.signal });
  };
  listen('pointerover', ({ target, pointerType }) => {
    if (pointerType === 'touch') return;
    const anchor = closest(target, '[data-tooltip]');
    if ((anchor && anchor === shown) || closest(target, '[role=tooltip]')) clearTimeout(timer);
    else if (anchor) {
      later(shown ? 0 : OPEN_AFTER_MS, () => {
        open(anchor);
      });
    } else later(CLOSE_AFTER_MS, close);
  });
  listen('focusin', ({ target }) => {
    const anchor = closest(target, '[data-tooltip]');
    if (anchor?.matches(':focus-visible')) open(anchor);
    else close();
  });
  listen('focusout', close);
  listen('pointerdown', close);
  // By the keyboard, too: what the tooltip says may be so no more.
  listen('click', close);
  listen('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  return () => {
    listening.abort();
    clearTimeout(timer);
  };
}

function closest(target: EventTarget | null, selector: string): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(selector) : null;
}
