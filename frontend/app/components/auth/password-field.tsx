'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

interface PasswordFieldProps {
  readonly name: 'password' | 'currentPassword';
  readonly label: string;
  /** With `new-password`, password managers offer to generate one. */
  readonly autoComplete: 'current-password' | 'new-password';
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

/** A password field with a button that shows the password. */
export function PasswordField({ label, ...props }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const Icon = shown ? EyeOff : Eye;
  return (
    <TextField
      {...props}
      label={label}
      required
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      trailing={
        <IconButton
          label={shown ? 'Hide password' : 'Show password'}
          onClick={() => {
            setShown(!shown);
          }}
          className="size-10 pointer-coarse:size-10"
        >
          <Icon aria-hidden size={20} />
        </IconButton>
      }
    />
  );
}
