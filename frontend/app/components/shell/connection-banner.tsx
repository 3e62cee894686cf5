'use client';

import { CloudOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { closeConnectionNotices } from '../../lib/notices.ts';
import type { ConnectionState } from '../../lib/tasks/connection.ts';
import { useConnection } from '../../lib/tasks/use-tasks.ts';

const TEXTS = {
  offline: 'Offline. New tasks will be sent later. Other changes need a connection.',
  unreachable: 'Connection lost. Retrying…',
} satisfies Record<Exclude<ConnectionState, 'online'>, string>;

/** A message while there is no connection. It takes no space, so that the page does not move. Screen readers also hear of the end. */
export function ConnectionBanner() {
  const state = useConnection();
  const [wasLost, setWasLost] = useState(false);
  if (state !== 'online' && !wasLost) setWasLost(true);
  useEffect(() => {
    if (state === 'online') closeConnectionNotices();
  }, [state]);
  return (
    <div role="status" className="sticky top-1 z-30 mx-auto flex h-0 max-w-2xl justify-center px-2">
      {state === 'online' ? (
        <span className="sr-only">{wasLost && 'Connection restored'}</span>
      ) : (
        <p className="mt-1 flex h-fit items-center gap-2 rounded-2xl bg-warning-soft px-3 py-1 text-sm font-medium text-warning shadow-card">
          <CloudOff aria-hidden size={16} className="shrink-0" />
          {TEXTS[state]}
        </p>
      )}
    </div>
  );
}
