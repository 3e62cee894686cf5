'use client';

import { useRef } from 'react';
import { deviceName } from '../../lib/account/device-name.ts';
import type { DeviceSession } from '../../lib/account/sessions.ts';
import { useEndSession, useSessions } from '../../lib/account/use-sessions.ts';
import { notify } from '../../lib/notices.ts';
import { Button } from '../ui/button.tsx';
import { LocalTime } from '../ui/local-time.tsx';
import { Problem } from '../ui/problem.tsx';

/** Where the user is signed in, and how to end that. */
export function Sessions({ initial }: { readonly initial: readonly DeviceSession[] }) {
  const { data: sessions, error, refetch, isFetching } = useSessions(initial);
  const ending = useEndSession();
  const list = useRef<HTMLUListElement>(null);

  function end(which: DeviceSession | 'others') {
    ending.mutate(which, {
      onSuccess() {
        notify({
          title: which === 'others' ? 'Signed out everywhere else' : 'That device is signed out',
          tone: 'info',
        });
        // The button goes with its session.
        list.current?.focus();
      },
    });
  }

  const { error: endingError, variables: ended } = ending;
  return (
    <>
      <ul ref={list} tabIndex={-1} className="divide-y divide-line">
        {sessions.map((session) => {
          const name = deviceName(session.userAgent);
          return (
            <li key={session.id} className="flex min-h-14 items-center justify-between gap-4 py-2">
              <div className="min-w-0">
                <p className="font-medium">{name}</p>
                <p className="text-sm text-muted">
                  {session.current ? (
                    'This device, now'
                  ) : (
                    <>
                      Last active <LocalTime dateTime={session.lastActive} />
                    </>
                  )}
                </p>
              </div>
              {!session.current && (
                <Button
                  variant="secondary"
                  size="sm"
                  aria-label={`Sign out ${name}`}
                  pending={ending.isPending && ending.variables === session}
                  onClick={() => {
                    end(session);
                  }}
                >
                  Sign out
                </Button>
              )}
            </li>
          );
        })}
      </ul>
      {endingError ? (
        <Problem
          error={endingError}
          retry={() => {
            end(ended);
          }}
        />
      ) : (
        error && <Problem error={error} retry={() => void refetch()} retrying={isFetching} />
      )}
      {sessions.some(({ current }) => !current) && (
        <Button
          variant="secondary"
          className="self-start"
          pending={ending.isPending && ending.variables === 'others'}
          onClick={() => {
            end('others');
          }}
        >
          Sign out everywhere else
        </Button>
      )}
    </>
  );
}
