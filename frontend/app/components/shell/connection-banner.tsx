'use client';

import { CloudOff } from 'lucide-react';
import { useState } from 'react';
import { useConnection, type ConnectionState } from '../../lib/tasks/connection.ts';

const WORDS = {
  offline: 'Offline: new tasks are sent later',
  unreachable: 'No connection to your tasks: trying again',
} satisfies Record<Exclude<ConnectionState, 'online'>, string>;

/** Says when the line is gone, and when it is back. It lies in the space above the page, so that nothing moves. */
export function ConnectionBanner() {
  const state = useConnection();
  const [wasLost, setWasLost] = useState(false);
  if (state !== 'online' && !wasLost) setWasLost(true);
  return (
    <div role="status" className="sticky top-1 z-30 mx-auto flex h-0 max-w-2xl justify-center px-2">
      {state === 'online' ? (
        <span className="sr-only">{wasLost && 'The connection is back'}</span>
      ) : (
        <p className="mt-1 flex h-fit items-center gap-2 rounded-full bg-warning-soft px-3 py-1 text-sm font-medium text-warning shadow-card">
          <CloudOff aria-hidden size={16} className="shrink-0" />
          {WORDS[state]}
        </p>
      )}
    </div>
  );
}
