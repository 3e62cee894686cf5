import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/password-rules.ts';

/** Each check gives what to say about a value, or undefined when there is nothing to say. */
type Check = (value: string) => string | undefined;

export const checkName: Check = (name) =>
  name.trim() === '' ? 'Enter a name, any that you like to be called by.' : undefined;

/** Only what is wrong for certain; the server looks more closely. */
export const checkEmail: Check = (email) => {
  if (email.trim() === '') return 'Enter your email address.';
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email.trim())
    ? undefined
    : 'This is no email address. It looks like name@example.com.';
};

/** A password that exists: of any length. */
export const checkCurrentPassword: Check = (password) =>
  password === '' ? 'Enter your password.' : undefined;

/** A password to be: its length, as the server counts it. */
export const checkNewPassword: Check = (password) => {
  if (password === '') return 'Choose a password.';
  if (password.length < MIN_PASSWORD_LENGTH) {
    return `Too short: use ${MIN_PASSWORD_LENGTH} characters or more.`;
  }
  return password.length > MAX_PASSWORD_LENGTH
    ? `Too long: use ${MAX_PASSWORD_LENGTH} characters at most.`
    : undefined;
};
