'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { TextField } from '../ui/text-field.tsx';

interface PasswordFieldProps {
  readonly name: 'password' | 'currentPassword';
  readonly label: string;
  /** `new-password` makes password managers offer one. */
  readonly autoComplete: 'current-password' | 'new-password';
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
}

/** A password, which can be shown: what one sees, one types right. */
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
          label={shown ? 'Hide the password' : 'Show the password'}
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
