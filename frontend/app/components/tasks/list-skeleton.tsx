'use client';

import { Skeleton } from '../ui/skeleton.tsx';

const WIDTHS = ['w-3/5', 'w-2/5', 'w-4/5', 'w-1/2'];

/** What stands in the place of a list until it is there; it shows only when that takes a moment. */
export function ListSkeleton() {
  return (
    <div role="status" className="min-h-96">
      <p className="sr-only">Your tasks are on their way</p>
      <div
        aria-hidden
        className="divide-y divide-line transition-opacity delay-150 starting:opacity-0"
      >
        {WIDTHS.map((width) => (
          <div key={width} className="flex items-start gap-4 p-4">
            <Skeleton className="size-6 shrink-0 rounded-full" />
            <div className="flex grow flex-col gap-2 py-1">
              <Skeleton className={`h-4 ${width}`} />
              <Skeleton className="h-3 w-24" />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
