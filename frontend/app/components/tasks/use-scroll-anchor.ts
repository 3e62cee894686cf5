import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useEffectEvent, useLayoutEffect, useRef, type RefObject } from 'react';
import type { Row } from '../../lib/tasks/rows.ts';
import { anchorOf, entryKey, keepAnchor, storeAnchors, type Anchor } from './scroll-anchors.ts';

/** How many of the first rows in view are anchors: one of them may move to another place. */
const ANCHORS = 3;
/** The position is restored when it stays right for this many frames, while rows are being measured. */
const STABLE_FRAMES = 5;
const MAX_FRAMES = 60;

/** Events by which the user takes over. */
const USER_EVENTS = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const;

/**
 * Keeps the rows where the user sees them: when rows are added or removed above them, and when the user returns to this history entry
 * by the back button or a reload.
 */
export function useScrollAnchor(
  list: RefObject<HTMLElement | null>,
  rows: readonly Row[],
  virtualizer: Virtualizer<Window, HTMLLIElement>,
): void {
  const anchors = useRef<readonly Anchor[]>([]);
  /** The scroll position with the anchors at their places. */
  const position = useRef(0);
  const isRestoring = useRef(false);

  /** How far an anchor is from its place; undefined if it is not in the list. */
  const distanceOf = ({ id, offset }: Anchor): number | undefined => {
    const index = rows.findIndex((row) => idOf(row) === id);
    const item = virtualizer.measurementsCache[index];
    if (!item) return undefined;
    const element = list.current?.querySelector(`[data-index="${index}"]`);
    return (element?.getBoundingClientRect().top ?? item.start - scrollY) - offset;
  };
  const record = useEffectEvent(() => {
    if (isRestoring.current) return;
    position.current = scrollY;
    // At its beginning, a list shows what is added there.
    const isScrolled = scrollY > virtualizer.options.scrollMargin;
    const items = virtualizer.getVirtualItems().filter(({ end }) => end > scrollY);
    anchors.current = (isScrolled ? items.slice(0, ANCHORS) : []).flatMap(({ index, start }) => {
      const row = rows[index];
      return row ? { id: idOf(row), offset: start - scrollY, entry: entryKey() } : [];
    });
    keepAnchor(entryKey(), anchors.current[0]);
  });
  const restoreStep = useEffectEvent((anchor: Anchor): boolean => {
    const distance = distanceOf(anchor);
    if (distance === undefined) return false;
    if (Math.abs(distance) >= 1) scrollBy(0, distance);
    return Math.abs(distance) < 1;
  });

  useEffect(() => {
    const onScroll = () => {
      record();
    };
    addEventListener('scroll', onScroll, { passive: true });
    addEventListener('pagehide', storeAnchors);
    return () => {
      removeEventListener('scroll', onScroll);
      removeEventListener('pagehide', storeAnchors);
    };
  }, []);

  const entry = typeof window === 'undefined' ? '' : entryKey();
  useLayoutEffect(() => {
    const anchor = anchorOf(entry);
    if (!anchor) return;
    const restoring = new AbortController();
    const { signal } = restoring;
    const stop = () => {
      restoring.abort();
      isRestoring.current = false;
    };
    isRestoring.current = true;
    let [stable, frames] = [0, 0];
    const step = () => {
      if (signal.aborted) return;
      stable = restoreStep(anchor) ? stable + 1 : 0;
      if (stable >= STABLE_FRAMES || ++frames >= MAX_FRAMES) stop();
      else requestAnimationFrame(step);
    };
    for (const name of USER_EVENTS) addEventListener(name, stop, { signal, passive: true });
    step();
    return stop;
  }, [entry]);

  const keep = useEffectEvent(() => {
    // The user has scrolled: the browser reports it only with the next frame.
    if (isRestoring.current || (scrollY !== position.current && !isShortened(position.current)))
      return;
    const distances = anchors.current
      .filter((anchor) => anchor.entry === entryKey())
      .flatMap((anchor) => distanceOf(anchor) ?? []);
    const [distance = 0] = distances.toSorted((a, b) => Math.abs(a) - Math.abs(b));
    if (Math.abs(distance) >= 1) scrollBy(0, distance);
    position.current = scrollY;
  });
  useLayoutEffect(() => {
    keep();
  }, [rows]);
}

/** Whether the page has become so short that it ends before a scroll position. */
function isShortened(position: number): boolean {
  return position > scrollY && scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
}

/** The identity of a row that is the same after a reload. */
function idOf(row: Row): string {
  return row.kind === 'task' ? row.task.id : row.key;
}
