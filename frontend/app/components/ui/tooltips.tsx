'use client';

import { useEffect, useState } from 'react';
import type * as TooltipModule from './tooltip.tsx';
import { whenIdle } from './when-idle.ts';

/** The tooltip of a page. */
export interface ShownTooltip {
  /** The element that the tooltip belongs to. Its `data-tooltip` attribute has the text. */
  readonly anchor: HTMLElement;
  readonly open: boolean;
}

/** Shows the tooltips of all elements with a `data-tooltip` attribute. One per page. */
export function Tooltips() {
  const [shown, setShown] = useState<ShownTooltip>();
  const [code, setCode] = useState<typeof TooltipModule>();
  useEffect(() => {
    const load = () => {
      // If that fails, the accessible names and descriptions still work.
      import('./tooltip.tsx').then(setCode, () => undefined);
    };
    const stops = [
      watchTooltips((tooltip) => {
        setShown(tooltip);
        load();
      }),
    ];
    // Before the first tooltip, so that it also works offline. A phone shows none.
    if (matchMedia('(hover: hover)').matches) stops.push(whenIdle(load));
    return () => {
      for (const stop of stops) stop();
    };
  }, []);
  return shown && code && <code.Tooltip {...shown} />;
}

const OPEN_DELAY_MS = 400;
/** The time to move the pointer onto the tooltip, which keeps it open (WCAG 2.2, 1.4.13). */
const CLOSE_DELAY_MS = 150;

/**
 * Reports which tooltip to show: that of the element under the pointer or with the visible focus, until Esc or a click. The listeners
 * are on the document, because a list can have thousands of elements with a tooltip.
 *
 * @returns a function that removes the listeners
 */
function watchTooltips(show: (tooltip: ShownTooltip | undefined) => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: HTMLElement | undefined;

  const open = (anchor: HTMLElement) => {
    clearTimeout(timer);
    if (!anchor.isConnected) return;
    shown = anchor;
    show({ anchor, open: true });
  };
  const close = () => {
    clearTimeout(timer);
    if (shown) show({ anchor: shown, open: false });
    shown = undefined;
  };
  /** Without a transition: what the tooltip belongs to may be gone, and something else be in its place. */
  const hide = () => {
    clearTimeout(timer);
    if (shown) show(undefined);
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
      later(shown ? 0 : OPEN_DELAY_MS, () => {
        open(anchor);
      });
    } else later(CLOSE_DELAY_MS, close);
  });
  listen('focusin', ({ target }) => {
    const anchor = closest(target, '[data-tooltip]');
    if (anchor?.matches(':focus-visible')) open(anchor);
    else close();
  });
  listen('focusout', close);
  listen('pointerdown', hide);
  // Also for clicks by keyboard, because the text of the tooltip may no longer apply.
  listen('click', hide);
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
