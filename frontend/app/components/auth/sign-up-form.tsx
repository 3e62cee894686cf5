'use client';

import Link from 'next/link';
import { signUp } from '../../lib/account/auth-client.ts';
import { checkEmail, checkName, checkNewPassword } from '../../lib/account/field-checks.ts';
import { MIN_PASSWORD_LENGTH } from '../../lib/auth/password-rules.ts';
import { EMAIL_TAKEN_TEXT } from '../../lib/errors/auth-messages.ts';
import { leavePage, signInPath } from '../../lib/navigation.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';
import { PasswordField } from './password-field.tsx';

/** Creates an account, then loads a path of this application. */
export function SignUpForm({ returnPath }: { readonly returnPath: string }) {
  const { pending, errors, failure, formProps } = useForm({
    fields: ['name', 'email', 'password'],
    check: ({ name, email, password }) => ({
      name: checkName(name),
      email: checkEmail(email),
      password: checkNewPassword(password),
    }),
    async send({ name, email, password }) {
      await signUp({ name: name.trim(), email: email.trim(), password });
      await leavePage(returnPath);
    },
  });
  return (
    <form {...formProps} className="flex flex-col gap-4 card">
      <TextField name="name" label="Name" required autoComplete="name" error={errors.name} />
      <TextField
        name="email"
        label="Email"
        type="email"
        required
        autoComplete="username"
        error={
          errors.email === `${EMAIL_TAKEN_TEXT}.` ? (
            <span>
              {EMAIL_TAKEN_TEXT}.{' '}
              <Link href={signInPath(returnPath)} className="link">
                Sign in instead
              </Link>
            </span>
          ) : (
            errors.email
          )
        }
      />
      <PasswordField
        name="password"
        label="Password"
        autoComplete="new-password"
        hint={`${MIN_PASSWORD_LENGTH} characters or more. A few unrelated words work well.`}
        error={errors.password}
      />
      {failure !== undefined && <Problem error={failure} />}
      <Button type="submit" pending={pending} className="mt-2">
        Create account
      </Button>
    </form>
  );
}
