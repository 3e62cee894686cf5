import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '../auth/password-rules.ts';
import {
  SIGN_IN_AGAIN,
  unreachableMessage,
  type ErrorMessage,
  type FieldName,
} from './error-message.ts';

/** An error returned by Better Auth's client. An error that it throws has this in its `error` property. */
interface AuthError {
  readonly status: number;
  readonly code?: string | undefined;
}

/** Whether a value is an error of Better Auth's client. */
export function isAuthError(error: unknown): error is AuthError {
  if (typeof error !== 'object' || error === null || !('status' in error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return typeof error.status === 'number' && (code === undefined || typeof code === 'string');
}

/** The message for an error of Better Auth: by its code, or by its status. */
export function authMessage(error: AuthError): ErrorMessage {
  const { status } = error;
  // Status 0 means that the request failed without a response.
  if (status === 0) return unreachableMessage();
  // Better Auth has many codes. Those that no page of this application can cause have no message of their own.
  return MESSAGES_BY_CODE[codeOf(error)] ?? messageByStatus(status);
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

function messageByStatus(status: number): ErrorMessage {
  if (status === 401) return SIGN_IN_AGAIN;
  if (status === 429) {
    return {
      title: 'Too many attempts',
      detail: 'Wait a minute, then try again.',
      action: 'retry',
    };
  }
  return {
    title: status >= 500 ? 'Something went wrong on our side' : 'The request failed',
    detail: 'Try again. If the problem persists, reload the page.',
    action: 'retry',
  };
}

/** The form adds a link to the sign-in page. */
export const EMAIL_TAKEN_TEXT = 'An account with this email already exists';

/** A message about one form field. */
const fieldMessage = (field: FieldName, title: string, detail?: string): ErrorMessage => ({
  title,
  detail,
  fields: { [field]: detail === undefined ? `${title}.` : `${title}. ${detail}` },
});

const EMAIL_TAKEN = fieldMessage('email', EMAIL_TAKEN_TEXT);
const CROSS_SITE: ErrorMessage = {
  title: 'The request was blocked because it seems to come from another site',
  detail: 'Open this application directly and try again.',
};

const MESSAGES_BY_CODE: Readonly<Partial<Record<string, ErrorMessage>>> = {
  INVALID_EMAIL_OR_PASSWORD: {
    title: 'Incorrect email or password',
    detail: 'Check both and try again.',
  },
  USER_ALREADY_EXISTS: EMAIL_TAKEN,
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: EMAIL_TAKEN,
  INVALID_EMAIL: fieldMessage(
    'email',
    'This email address is not valid',
    'Use a format such as name@example.com.',
  ),
  INVALID_NAME: fieldMessage('name', 'This name cannot be used', 'Use 1 to 100 characters.'),
  PASSWORD_TOO_SHORT: fieldMessage(
    'password',
    'This password is too short',
    `Use ${MIN_PASSWORD_LENGTH} characters or more.`,
  ),
  PASSWORD_TOO_LONG: fieldMessage(
    'password',
    'This password is too long',
    `Use ${MAX_PASSWORD_LENGTH} characters or fewer.`,
  ),
  PASSWORD_TOO_COMMON: fieldMessage(
    'password',
    'This password is too common',
    'Use three or four unrelated words.',
  ),
  PASSWORD_IS_PERSONAL: fieldMessage(
    'password',
    'This password is based on your name or email',
    'Choose one that others cannot guess.',
  ),
  INVALID_PASSWORD: fieldMessage('currentPassword', 'This password is incorrect'),
  PASSWORD_REQUIRED: fieldMessage('currentPassword', 'Enter your password'),
  SESSION_EXPIRED: SIGN_IN_AGAIN,
  SESSION_NOT_FRESH: SIGN_IN_AGAIN,
  INVALID_TEXT: {
    title: 'The text contains an unsupported character',
    detail: 'Remove it and try again.',
  },
  TASKS_NOT_DELETED: {
    title: 'Your account was not deleted',
    detail:
      'Your tasks could not be deleted because the service did not respond. Try again in a moment.',
    action: 'retry',
  },
  TOKENS_NOT_REVOKED: {
    title: 'Other devices are not signed out completely',
    detail:
      'Your change was saved, but the service did not respond, so other devices keep their access for now. ' +
      'Sign out everywhere else to try again.',
  },
  UNAVAILABLE: {
    title: 'Sign-in is temporarily unavailable',
    detail: 'Try again in a moment.',
    action: 'retry',
  },
  INVALID_ORIGIN: CROSS_SITE,
  MISSING_OR_NULL_ORIGIN: CROSS_SITE,
  CROSS_SITE_NAVIGATION_LOGIN_BLOCKED: CROSS_SITE,
};
