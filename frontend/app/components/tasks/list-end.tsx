'use client';

import { useEffect, useEffectEvent, useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { countText } from '../ui/count-text.ts';
import { Problem } from '../ui/problem.tsx';

/** More is asked for when the end is so near. */
const NEAR = '600px';

/** The end of a list: it goes on by itself when one comes near, or by a button; or it says that this is all. */
export function ListEnd({
  shown,
  hasMore,
  loading,
  error,
  onMore,
}: {
  /** How many tasks the list shows, without those that were refused. */
  readonly shown: number;
  readonly hasMore: boolean;
  readonly loading: boolean;
  /** Why more could not be had. */
  readonly error: unknown;
  readonly onMore: () => void;
}) {
  const end = useRef<HTMLDivElement>(null);
  const failed = error !== null && error !== undefined;
  const goOn = useEffectEvent(onMore);
  // Not by itself after a failure: the button is there for that.
  const byItself = hasMore && !loading && !failed;
  useEffect(() => {
    const element = end.current;
    if (!element || !byItself) return;
    const observer = new IntersectionObserver(
      // Several entries at once tell of a fast scroll.
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) goOn();
      },
      { rootMargin: NEAR },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [byItself]);
  return (
    <div ref={end} className="flex min-h-16 flex-col items-stretch justify-center p-2">
      {failed ? (
        <Problem error={error} retry={onMore} retrying={loading} />
      ) : hasMore ? (
        <Button variant="quiet" pending={loading} onClick={onMore}>
          Show more
        </Button>
      ) : (
        shown > 0 && <p className="text-center text-sm text-muted">{allShown(shown)}</p>
      )}
    </div>
  );
}

function allShown(count: number): string {
  return count === 1 ? 'One task, and that is all' : `All ${countText(count)} tasks shown`;
}
