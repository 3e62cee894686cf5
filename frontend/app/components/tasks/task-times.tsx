'use client';

import { useState, type ReactNode } from 'react';
import { timeAgo } from '../../lib/format.ts';
import { useNow } from './use-now.ts';

/** When a task was added and last updated, as relative times. The exact times are shown on hover. */
export function TaskTimes({
  created,
  updated,
}: {
  readonly created: string;
  readonly updated: string;
}) {
  const now = useNow();
  const [addedAgo, updatedAgo] = [created, updated].map((time) => timeAgo(Date.parse(time), now));
  return (
    <p className="mt-0.5 text-xs text-muted">
      Added <Time time={created}>{addedAgo}</Time>
      {updatedAgo !== addedAgo && (
        <>
          {' · updated '}
          <Time time={updated}>{updatedAgo}</Time>
        </>
      )}
    </p>
  );
}

function Time({ time, children }: { readonly time: string; readonly children: ReactNode }) {
  // Formatted on hover only, because a list can have very many times.
  const [exact, setExact] = useState<string>();
  return (
    <time
      dateTime={time}
      title={exact}
      onPointerEnter={() => {
        setExact(fullTime(time));
      }}
    >
      {children}
    </time>
  );
}

/** The full date and time, in the browser's language and time zone. */
function fullTime(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}
