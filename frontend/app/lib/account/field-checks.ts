import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/password-rules.ts';

/** A check returns the message for an invalid value, or undefined. */
type Check = (value: string) => string | undefined;

export const checkName: Check = (name) =>
  name.trim() === '' ? 'Enter your name or a nickname.' : undefined;

/** Finds obvious mistakes only. The server checks the rest. */
export const checkEmail: Check = (email) => {
  if (email.trim() === '') return 'Enter your email address.';
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())
    ? undefined
    : 'Enter a valid email address, such as name@example.com.';
};

/** For an existing password, of any length. */
export const checkCurrentPassword: Check = (password) =>
  password === '' ? 'Enter your password.' : undefined;

/** For a new password: its length, counted as the server counts it. */
export const checkNewPassword: Check = (password) => {
  if (password === '') return 'Choose a password.';
  if (password.length < MIN_PASSWORD_LENGTH) {
    return `Use ${MIN_PASSWORD_LENGTH} characters or more.`;
  }
  return password.length > MAX_PASSWORD_LENGTH
    ? `Use ${MAX_PASSWORD_LENGTH} characters or fewer.`
    : undefined;
};
