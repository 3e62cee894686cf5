'use client';

import { useState } from 'react';
import { deleteAccount } from '../../lib/account/auth-client.ts';
import { checkCurrentPassword } from '../../lib/account/field-checks.ts';
import { formatCount } from '../../lib/format.ts';
import { leavePage } from '../../lib/navigation.ts';
import { useFinishSession } from '../../lib/tasks/finish-session.ts';
import { useTaskCounts } from '../../lib/tasks/use-tasks.ts';
import { PasswordField } from '../auth/password-field.tsx';
import { Button } from '../ui/button.tsx';

import { Dialog } from '../ui/dialog.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';

/** Deletes the account and its tasks, after asking for the password. */
export function DeleteAccount({ email }: { readonly email: string }) {
  const [open, setOpen] = useState(false);
  const counts = useTaskCounts();
  const tasks = counts && counts.pending + counts.completed;
  return (
    <>
      <Button
        variant="secondary"
        needsConnection
        className="self-start text-danger"
        onClick={() => {
          setOpen(true);
        }}
      >
        Delete account…
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Delete your account?"
        description={`This permanently deletes your account, ${tasksText(tasks)} and all your sessions. You cannot undo it.`}
      >
        <DeleteForm
          email={email}
          onCancel={() => {
            setOpen(false);
          }}
        />
      </Dialog>
    </>
  );
}

function DeleteForm({
  email,
  onCancel,
}: {
  readonly email: string;
  readonly onCancel: () => void;
}) {
  const finishSession = useFinishSession();
  const { pending, errors, failure, formProps } = useForm({
    fields: ['currentPassword'],
    check: ({ currentPassword }) => ({ currentPassword: checkCurrentPassword(currentPassword) }),
    async send({ currentPassword }) {
      await finishSession(() => deleteAccount(currentPassword));
      await leavePage('/sign-in?deleted');
    },
  });
  return (
    <form {...formProps} className="flex flex-col gap-4">
      <input hidden readOnly name="email" autoComplete="username" value={email} />
      <PasswordField
        name="currentPassword"
        label="Your password"
        autoComplete="current-password"
        error={errors.currentPassword}
      />
      {failure !== undefined && <Problem error={failure} />}
      <div className="mt-2 flex flex-wrap justify-end gap-3 max-sm:*:grow">
        <Button variant="secondary" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" variant="danger" needsConnection pending={pending}>
          {pending ? 'Deleting…' : 'Delete account'}
        </Button>
      </div>
    </form>
  );
}

function tasksText(tasks: number | undefined): string {
  if (tasks === undefined || tasks === 0) return 'all your tasks';
  return tasks === 1 ? 'your task' : `your ${formatCount(tasks)} tasks`;
}
