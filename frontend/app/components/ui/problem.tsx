'use client';

import { CircleAlert } from 'lucide-react';
import { leaveForSignIn } from '../../lib/api/client.ts';
import { messageOf } from '../../lib/errors/messages.ts';
import { Button } from './button.tsx';

interface ProblemProps {
  readonly error: unknown;
  /** Tries again; leave it out where a form can be sent again anyway. */
  readonly retry?: (() => void) | undefined;
  readonly retrying?: boolean;
}

/** Tells what has gone wrong, at the place where something is missing because of it, and offers what helps. */
export function Problem({ error, retry, retrying = false }: ProblemProps) {
  const { title, detail, action } = messageOf(error);
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-card bg-danger-soft p-4"
    >
      <CircleAlert aria-hidden size={20} className="shrink-0 self-start text-danger" />
      <div className="min-w-48 grow basis-0">
        <p className="font-medium">{title}</p>
        {detail && <p className="text-sm">{detail}</p>}
      </div>
      <Remedy action={action} retry={retry} retrying={retrying} />
    </div>
  );
}

type RemedyProps = Pick<ProblemProps, 'retry' | 'retrying'> & {
  readonly action: ReturnType<typeof messageOf>['action'];
};

/** The button that helps, if one does. */
function Remedy({ action, retry, retrying = false }: RemedyProps) {
  const look = { variant: 'secondary', size: 'sm' } as const;
  if (action === 'sign-in') {
    return (
      <Button {...look} onClick={leaveForSignIn}>
        Sign in
      </Button>
    );
  }
  if (retry) {
    return (
      <Button {...look} pending={retrying} onClick={retry}>
        Try again
      </Button>
    );
  }
  if (action !== 'reload') return null;
  return (
    <Button
      {...look}
      onClick={() => {
        window.location.reload();
      }}
    >
      Load again
    </Button>
  );
}
