import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/password-rules.ts';
import { SIGN_IN_AGAIN, unreachableWords } from './tasks-words.ts';
import type { FieldName, Words } from './words.ts';

/** An error as Better Auth's client gives it; what it throws has it as `error`. */
interface AuthError {
  readonly status: number;
  readonly code?: string | undefined;
}

/** Whether something is an error of Better Auth's client. */
export function isAuthError(error: unknown): error is AuthError {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return typeof error.status === 'number' && (code === undefined || typeof code === 'string');
}

/** What to say about an error of Better Auth, by its code, or else by its status. */
export function authWords(error: AuthError): Words {
  const { status } = error;
  // A request that never got an answer has no status.
  if (status === 0) return unreachableWords();
  // Its codes are many; those that no page can cause need no words of their own.
  return BY_CODE[codeOf(error)] ?? wordsOfStatus(status);
}

function codeOf(error: AuthError): string {
  const thrown = 'error' in error && isAuthBody(error.error) ? error.error.code : undefined;
  return error.code ?? thrown ?? '';
}

function isAuthBody(body: unknown): body is { readonly code: string } {
  return (
    typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
  );
}

function wordsOfStatus(status: number): Words {
  if (status === 401) return SIGN_IN_AGAIN;
  if (status === 429) {
    return {
      title: 'Too many tries',
      detail: 'Wait a minute, then try again.',
      action: 'retry',
    };
  }
  return {
    title: status >= 500 ? 'Something went wrong on our side' : 'This did not work',
    detail: 'Try again. If that does not help, load the page again.',
    action: 'retry',
  };
}

/** Words about one field. */
const about = (field: FieldName, title: string, detail?: string): Words => ({
  title,
  detail,
  fields: { [field]: detail === undefined ? `${title}.` : `${title}. ${detail}` },
});

const TAKEN = about('email', 'There is an account with this email already', 'Sign in instead.');
const NO_EMAIL = about('email', 'This is no email address', 'It looks like name@example.com.');
const WRONG_PAGE: Words = {
  title: 'The request was refused, because it seems to come from another site',
  detail: 'Open this application by its own address, and try again.',
};

const BY_CODE: Readonly<Partial<Record<string, Words>>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    title: 'Email or password is wrong',
    detail: 'Check both, then try again.',
  },
  USER_ALREADY_EXISTS: TAKEN,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: TAKEN,
  INVALID_EMAIL: NO_EMAIL,
  INVALID_NAME: about('name', 'This name cannot be used', 'It has 1 to 100 characters.'),
  PASSWORD_TOO_SHORT: about(
    'password',
    'This password is too short',
    `Use ${MIN_PASSWORD_LENGTH} characters or more.`,
  ),
  PASSWORD_TOO_LONG: about(
    'password',
    'This password is too long',
    `Use ${MAX_PASSWORD_LENGTH} characters at most.`,
  ),
  PASSWORD_TOO_COMMON: about(
    'password',
    'This password is among the first that anybody would try',
    'Three or four words that do not belong together are a good one.',
  ),
  PASSWORD_IS_PERSONAL: about(
    'password',
    'This password is made of your name or email',
    'Choose one that others cannot guess.',
  ),
  INVALID_PASSWORD: about('currentPassword', 'This is not your password'),
  PASSWORD_REQUIRED: about('currentPassword', 'Enter your password'),
  SESSION_EXPIRED: SIGN_IN_AGAIN,
  SESSION_NOT_FRESH: SIGN_IN_AGAIN,
  INVALID_TEXT: {
    title: 'There is a character in it that cannot be stored',
    detail: 'Type the text again, without what was pasted.',
  },
  TASKS_NOT_DELETED: {
    title: 'Your account is still there',
    detail:
      'Its tasks could not be deleted, because their service did not answer. Try again in a moment.',
    action: 'retry',
  },
  UNAVAILABLE: {
    title: 'Accounts cannot be reached right now',
    detail: 'Try again in a moment.',
    action: 'retry',
  },
  INVALID_ORIGIN: WRONG_PAGE,
  MISSING_OR_NULL_ORIGIN: WRONG_PAGE,
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: WRONG_PAGE,
};
