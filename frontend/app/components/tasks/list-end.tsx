'use client';

import { useEffect, useEffectEvent, useRef } from 'react';
import { formatCount } from '../../lib/format.ts';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';

/** The distance from the end of the list at which the next page is loaded. */
const LOAD_DISTANCE = '600px';

/** The end of a list. It loads the next page when the user scrolls near it or presses a button, or says that all tasks are shown. */
export function ListEnd({
  shown,
  hasMore,
  loading,
  error,
  onMore,
}: {
  /** The number of tasks in the list, without those that were refused. */
  readonly shown: number;
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** The error of the last request for more. */
  readonly error: unknown;
  readonly onMore: () => void;
}) {
  const end = useRef<HTMLDivElement>(null);
  const failed = error !== null && error !== undefined;
  const loadMore = useEffectEvent(onMore);
  // After a failure, the user has to press the button.
  const isAutomatic = hasMore && !loading && !failed;
  useEffect(() => {
    const element = end.current;
    if (!element || !isAutomatic) return;
    const observer = new IntersectionObserver(
      // Fast scrolling can report several entries at once.
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) loadMore();
      },
      { rootMargin: LOAD_DISTANCE },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [isAutomatic]);
  return (
    <>
      {hasMore && (
        <p className="p-2 text-sm text-muted not-print:hidden">
          These are the first {formatCount(shown)} tasks. To print all, scroll to the end of the
          list first.
        </p>
      )}
      <div
        ref={end}
        className="flex min-h-16 flex-col items-stretch justify-center p-2 print:hidden"
      >
        {failed ? (
          <Problem error={error} retry={onMore} retrying={loading} />
        ) : hasMore ? (
          <Button variant="quiet" needsConnection pending={loading} onClick={onMore}>
            Load more
          </Button>
        ) : (
          shown > 0 && <p className="text-center text-sm text-muted">{allShown(shown)}</p>
        )}
      </div>
    </>
  );
}

function allShown(count: number): string {
  return count === 1 ? '1 task shown' : `All ${formatCount(count)} tasks shown`;
}
