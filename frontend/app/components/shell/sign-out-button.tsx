'use client';

import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { signOut } from '../../lib/account/auth-client.ts';
import { messageOf } from '../../lib/errors/message-of.ts';
import { leavePage } from '../../lib/navigation.ts';
import { notify } from '../../lib/notices.ts';
import { useStore } from '../../lib/store.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import { useFinishSession } from '../../lib/tasks/finish-session.ts';
import { useUnsent } from '../../lib/tasks/use-tasks.ts';
import { IconButton } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/dialog.tsx';

/** Signs out. It asks for confirmation if drafts or unsent tasks would be lost. */
export function SignOutButton() {
  const unsent = useUnsent().items.length;
  const drafts = useStore(useTasksModel().drafts).size;
  const finishSession = useFinishSession();
  const [asking, setAsking] = useState(false);
  const [pending, setPending] = useState(false);

  async function leave() {
    setPending(true);
    try {
      await finishSession(signOut);
      await leavePage('/sign-in');
    } catch (error) {
      const { title, detail = '', untilOnline } = messageOf(error);
      notify({
        title: 'You could not be signed out',
        detail: `${title}. ${detail}`.trim(),
        tone: 'error',
        untilOnline,
      });
      setPending(false);
      setAsking(false);
    }
  }

  return (
    <>
      <IconButton
        label="Sign out"
        needsConnection
        pending={pending}
        onClick={() => {
          if (unsent + drafts > 0) setAsking(true);
          else void leave();
        }}
      >
        <LogOut aria-hidden size={20} />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Sign out and lose your changes?"
        description={lossText(unsent)}
        confirmLabel="Sign out"
        cancelLabel="Stay signed in"
        tone="danger"
        needsConnection
        pending={pending}
        onConfirm={() => void leave()}
      />
    </>
  );
}

function lossText(unsent: number): string {
  if (unsent === 0) {
    return 'Some of the text that you entered has not been saved. It will be lost if you sign out now.';
  }
  return unsent === 1
    ? 'One new task has not been sent yet. It will be lost if you sign out now.'
    : `${unsent} new tasks have not been sent yet. They will be lost if you sign out now.`;
}
