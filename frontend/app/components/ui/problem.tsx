'use client';

import { CircleAlert } from 'lucide-react';
import { redirectToSignIn } from '../../lib/api/session.ts';
import { messageOf } from '../../lib/errors/message-of.ts';
import { Button } from './button.tsx';

interface ProblemProps {
  readonly error: unknown;
  /** Retries. Leave it out where the user can submit a form again. */
  readonly retry?: (() => void) | undefined;
  readonly retrying?: boolean;
}

/** An error message in place of the content that is missing, with a button that helps. */
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

/** The button for the action of an error message, if there is one. */
function Remedy({ action, retry, retrying = false }: RemedyProps) {
  const style = { variant: 'secondary', size: 'sm' } as const;
  if (action === 'sign-in') {
    return (
      <Button
        {...style}
        onClick={() => {
          redirectToSignIn();
        }}
      >
        Sign in
      </Button>
    );
  }
  if (retry) {
    return (
      <Button {...style} pending={retrying} onClick={retry}>
        Try again
      </Button>
    );
  }
  if (action !== 'reload') return null;
  return (
    <Button
      {...style}
      onClick={() => {
        window.location.reload();
      }}
    >
      Reload
    </Button>
  );
}
