'use client';

import { signIn } from '../../lib/account/auth-client.ts';
import { checkCurrentPassword, checkEmail } from '../../lib/account/field-checks.ts';
import { leavePage } from '../../lib/navigation.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';
import { PasswordField } from './password-field.tsx';

/** Signs in, then loads a path of this application. */
export function SignInForm({ returnPath }: { readonly returnPath: string }) {
  const { pending, errors, failure, formProps } = useForm({
    fields: ['email', 'password'],
    check: ({ email, password }) => ({
      email: checkEmail(email),
      password: checkCurrentPassword(password),
    }),
    async send({ email, password }) {
      await signIn({ email: email.trim(), password });
      await leavePage(returnPath);
    },
  });
  return (
    <form {...formProps} className="flex flex-col gap-4 card">
      <TextField
        name="email"
        label="Email"
        type="email"
        required
        autoComplete="username"
        error={errors.email}
      />
      <PasswordField
        name="password"
        label="Password"
        autoComplete="current-password"
        error={errors.password}
      />
      {failure !== undefined && <Problem error={failure} />}
      <Button type="submit" pending={pending} className="mt-2">
        Sign in
      </Button>
    </form>
  );
}
