'use client';

import { useRef, useSyncExternalStore } from 'react';
import { deviceName } from '../../lib/account/device-name.ts';
import type { DeviceSession } from '../../lib/account/sessions.ts';
import { useEndSession, useSessions } from '../../lib/account/use-sessions.ts';
import { notify } from '../../lib/notices.ts';
import { Button } from '../ui/button.tsx';

import { Problem } from '../ui/problem.tsx';

/** The user's sessions, with buttons to end them. */
export function Sessions({ initial }: { readonly initial: readonly DeviceSession[] }) {
  const { data: sessions, error, refetch, isFetching } = useSessions(initial);
  const ending = useEndSession();
  const list = useRef<HTMLUListElement>(null);

  function end(which: DeviceSession | 'others') {
    ending.mutate(which, {
      onSuccess() {
        notify({
          title: which === 'others' ? 'All other devices signed out' : 'Device signed out',
          tone: 'info',
        });
        // The button that had the focus is removed with its session.
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
                  {session.current && 'This device · '}
                  <span id={`signed-in-${session.id}`}>
                    Signed in <LocalTime dateTime={session.signedIn} />
                  </span>
                  {!session.current && (
                    <>
                      {' · last active '}
                      <LocalTime dateTime={session.lastActive} />
                    </>
                  )}
                </p>
              </div>
              {!session.current && (
                <Button
                  variant="secondary"
                  size="sm"
                  needsConnection
                  aria-label={`Sign out ${name}`}
                  aria-describedby={`signed-in-${session.id}`}
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
          needsConnection
          className="self-start"
          pending={ending.isPending && ending.variables === 'others'}
          onClick={() => {
            end('others');
          }}
        >
          Sign out all other devices
        </Button>
      )}
    </>
  );
}

/** A date and time in the browser's language and time zone. The server does not know these and renders UTC. */
function LocalTime({ dateTime }: { readonly dateTime: string }) {
  const text = useSyncExternalStore(
    neverChanges,
    () => new Date(dateTime).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' }),
    () => `${dateTime.slice(0, 16).replace('T', ', ')} UTC`,
  );
  return <time dateTime={dateTime}>{text}</time>;
}

const neverChanges = () => () => undefined;
