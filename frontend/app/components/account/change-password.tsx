'use client';

import { changePassword } from '../../lib/account/auth-client.ts';
import { tokens } from '../../lib/api/session.ts';
import { checkCurrentPassword, checkNewPassword } from '../../lib/account/field-checks.ts';
import { useRefreshSessions } from '../../lib/account/use-sessions.ts';
import { MIN_PASSWORD_LENGTH } from '../../lib/auth/password-rules.ts';
import { notify } from '../../lib/notices.ts';
import { PasswordField } from '../auth/password-field.tsx';
import { Button } from '../ui/button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';

/** Changes the password, and optionally signs out all other devices. */
export function ChangePassword({ email }: { readonly email: string }) {
  const refreshSessions = useRefreshSessions();
  const { pending, errors, failure, formProps } = useForm({
    fields: ['currentPassword', 'password'],
    check: ({ currentPassword, password }) => ({
      currentPassword: checkCurrentPassword(currentPassword),
      password: checkNewPassword(password),
    }),
    async send({ currentPassword, password: newPassword }, form) {
      const signOutOthers = new FormData(form).has('signOutOthers');
      await changePassword({ currentPassword, newPassword, signOutOthers });
      tokens.forget();
      form.reset();
      refreshSessions();
      notify({
        title: 'Password changed',
        detail: signOutOthers ? 'All other devices were signed out.' : undefined,
        tone: 'info',
      });
    },
  });
  return (
    <form {...formProps} className="flex flex-col gap-4">
      {/* Tells password managers which account the password belongs to. */}
      <input hidden readOnly name="email" autoComplete="username" value={email} />
      <PasswordField
        name="currentPassword"
        label="Current password"
        autoComplete="current-password"
        error={errors.currentPassword}
      />
      <PasswordField
        name="password"
        label="New password"
        autoComplete="new-password"
        hint={`${MIN_PASSWORD_LENGTH} characters or more. A few unrelated words work well.`}
        error={errors.password}
      />
      <label className="flex min-h-11 items-center gap-3">
        <input type="checkbox" name="signOutOthers" defaultChecked className="size-5 shrink-0" />
        Sign out all other devices
      </label>
      {failure !== undefined && <Problem error={failure} />}
      <Button
        type="submit"
        variant="secondary"
        needsConnection
        pending={pending}
        className="self-start"
      >
        Change password
      </Button>
    </form>
  );
}
