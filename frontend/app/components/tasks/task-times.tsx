'use client';

import { useState, type ReactNode } from 'react';
import { timeAgo } from './relative-time.ts';
import { useNow } from './use-now.ts';

/** When a task was added and last changed, in words; the exact times show on pointing at them. */
export function TaskTimes({
  created,
  updated,
}: {
  readonly created: string;
  readonly updated: string;
}) {
  const now = useNow();
  const [added, changed] = [created, updated].map((time) => timeAgo(Date.parse(time), now));
  return (
    <p className="mt-0.5 text-xs text-muted">
      Added <Moment time={created}>{added}</Moment>
      {changed !== added && (
        <>
          {' · changed '}
          <Moment time={updated}>{changed}</Moment>
        </>
      )}
    </p>
  );
}

function Moment({ time, children }: { readonly time: string; readonly children: ReactNode }) {
  // Only whoever points at it needs it, and a list has very many.
  const [exactly, setExactly] = useState<string>();
  return (
    <time
      dateTime={time}
      title={exactly}
      onPointerEnter={() => {
        setExactly(inFull(time));
      }}
    >
      {children}
    </time>
  );
}

/** In the order and time zone that the reader's browser is set to. */
function inFull(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' });
}
