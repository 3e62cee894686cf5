'use client';

import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
  type RefObject,
} from 'react';
import type { Row } from '../../lib/tasks/rows.ts';
import { rowProps } from './list-focus.ts';
import { usePrinting } from './use-printing.ts';
import { useScrollAnchor } from './use-scroll-anchor.ts';

/** The height of a task with a title of one line, in CSS pixels. Rows are measured when they are rendered. */
const ROW_HEIGHT = 53;
/** How many rows are rendered above and below those in view. */
const OVERSCAN = 8;

/** A list of any length: only the rows near the viewport are in the document, and all of them when the page is printed. */
export function VirtualList({
  rows,
  complete,
  kept,
  onInView,
  children: contentOf,
}: {
  readonly rows: readonly Row[];
  /** Whether these are all rows of the list. */
  readonly complete: boolean;
  /** The keys of rows that stay in the document: the row with the focus, and forms. */
  readonly kept: ReadonlySet<string>;
  readonly onInView: (first: Row | undefined, last: Row | undefined) => void;
  readonly children: (row: Row) => ReactNode;
}) {
  const list = useRef<HTMLUListElement>(null);
  const top = useTop(list);
  const isPrinting = usePrinting();
  const keptIndexes = rows.flatMap(({ key }, index) => (kept.has(key) ? index : []));
  // eslint-disable-next-line react-hooks/incompatible-library -- without the React compiler, nothing memoizes its functions
  const virtualizer = useWindowVirtualizer<HTMLLIElement>({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN,
    scrollMargin: top,
    rangeExtractor: (range) =>
      isPrinting
        ? [...rows.keys()]
        : [...new Set([...defaultRangeExtractor(range), ...keptIndexes])].sort((a, b) => a - b),
  });
  useScrollAnchor(list, rows, virtualizer);

  const first = rows[virtualizer.range?.startIndex ?? 0];
  const last = rows[virtualizer.range?.endIndex ?? 0];
  useEffect(() => {
    onInView(first, last);
  }, [first, last, onInView]);
  return (
    // Safari ignores the semantics of a list without bullets unless it has a role.
    <ul
      ref={list}
      role="list"
      className="relative print:h-auto!"
      style={{ height: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) => {
        const row = rows[index];
        return (
          row && (
            <li
              key={row.key}
              ref={virtualizer.measureElement}
              data-index={index}
              {...rowProps(row.key)}
              aria-posinset={index + 1}
              aria-setsize={complete ? rows.length : -1}
              className="absolute inset-x-0 top-0 border-b border-line px-1 sm:px-2 print:static print:transform-none!"
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {contentOf(row)}
            </li>
          )
        );
      })}
    </ul>
  );
}

/** The distance of the list from the top of the document, in CSS pixels. */
function useTop(list: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (list.current) setTop(Math.round(list.current.getBoundingClientRect().top + scrollY));
    };
    measure();
    // What is above the list changes the height of the page as well.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, [list]);
  return top;
}
