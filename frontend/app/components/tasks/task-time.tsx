'use client';

import { useState } from 'react';
import { timeAgo } from '../../lib/format.ts';
import { useNow } from './use-now.ts';

/** When a task was last changed, or else added, as a relative time. The exact time is shown on hover. Phones have no room for it. */
export function TaskTime({
  created,
  updated,
}: {
  readonly created: string;
  readonly updated: string;
}) {
  const now = useNow();
  // Formatted on hover only, because a list can have very many times.
  const [exact, setExact] = useState<string>();
  const isUpdated = timeAgo(Date.parse(updated), now) !== timeAgo(Date.parse(created), now);
  const time = isUpdated ? updated : created;
  return (
    <p className="shrink-0 py-3.5 ps-2 text-xs text-muted max-sm:hidden">
      {isUpdated ? 'Updated ' : 'Added '}
      <time
        dateTime={time}
        title={exact}
        onPointerEnter={() => {
          setExact(fullTime(time));
        }}
      >
        {timeAgo(Date.parse(time), now)}
      </time>
    </p>
  );
}

/** The full date and time, in the browser's language and time zone. */
function fullTime(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}
