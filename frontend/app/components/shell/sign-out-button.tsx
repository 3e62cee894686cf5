'use client';

import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { signOut } from '../../lib/account/account-calls.ts';
import { messageOf } from '../../lib/errors/messages.ts';
import { leavePage } from '../../lib/leave-page.ts';
import { notify } from '../../lib/notices.ts';
import { useFinishSession } from '../../lib/tasks/session.ts';
import { useUnsent } from '../../lib/tasks/use-unsent.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { IconButton } from '../ui/icon-button.tsx';

/** Signs out; asks first when tasks would be lost by that. */
export function SignOutButton() {
  const unsent = useUnsent().items.length;
  const finishSession = useFinishSession();
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState(false);

  async function leave() {
    setPending(true);
    try {
      await finishSession(signOut);
      await leavePage('/sign-in');
    } catch (error) {
      const { title, detail } = messageOf(error);
      notify({ title: `You are still signed in. ${title}`, detail, tone: 'error' });
      setPending(false);
      setAsking(false);
    }
  }

  return (
    <>
      <IconButton
        label="Sign out"
        aria-disabled={pending || undefined}
        aria-busy={pending || undefined}
        onClick={() => {
          if (pending) return;
          if (unsent > 0) setAsking(true);
          else void leave();
        }}
      >
        <LogOut aria-hidden size={20} />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out without sending?"
        description={
          unsent === 1
            ? 'One new task has not been sent yet. It is lost when you sign out now.'
            : `${unsent} new tasks have not been sent yet. They are lost when you sign out now.`
        }
        confirmLabel="Sign out"
        cancelLabel="Stay"
        tone="danger"
        pending={pending}
        onConfirm={() => void leave()}
      />
    </>
  );
}
