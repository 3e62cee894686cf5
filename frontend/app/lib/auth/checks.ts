import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { z } from 'zod';
import {
  MAX_PASSWORD_LENGTH,
  MIN_PASSWORD_LENGTH,
  type PasswordFlaw,
  passwordFlaw,
} from './password-rules.ts';

const MAX_NAME = 100;
const MAX_EMAIL = 254;

/** Nothing else may be written into a new account. */
const SIGN_UP_FIELDS = ['name', 'email', 'password', 'rememberMe'];
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const name = z.string().trim().min(1).max(MAX_NAME).regex(PRINTABLE);
const email = z.email().max(MAX_EMAIL);

const MESSAGES = {
  INVALID_NAME: `A name has 1 to ${MAX_NAME} characters, and no control characters`,
  INVALID_EMAIL: 'This is no email address',
  INVALID_TEXT: 'A text must not contain the character NUL',
  FIELD_NOT_ALLOWED: 'An account has a name, an email and a password, and nothing else',
  PASSWORD_REQUIRED: 'The password is needed to delete the account',
  PASSWORD_TOO_COMMON: 'This password is among the first that anybody would try',
  PASSWORD_IS_PERSONAL: 'This password is made of the name or the email',
} as const satisfies Record<PasswordFlaw, string> & Record<string, string>;

/**
 * What is checked beyond Better Auth's own checks, and before them: texts that the database does not take, the name, email and
 * fields of a new account, whether a new password is easy to guess, and that the deletion of an account comes with a
 * password. Refuses with 400.
 */
export const checkRequest = createAuthMiddleware(async (context) => {
  const body = (context.body ?? {}) as Readonly<Record<string, unknown>>;
  if (Object.values(body).some((value) => typeof value === 'string' && value.includes('\0')))
    refuse('INVALID_TEXT');
  switch (context.path) {
    case '/sign-up/email': {
      const checked = checkAccount(body);
      checkPassword(body['password'], [checked.name, checked.email]);
      return { context: { body: checked } };
    }
    case '/change-password': {
      const session = await getSessionFromCtx(context);
      if (session) checkPassword(body['newPassword'], [session.user.name, session.user.email]);
      return undefined;
    }
    case '/delete-user':
      // Better Auth is content with a young session.
      if (typeof body['password'] !== 'string' || body['password'] === '')
        refuse('PASSWORD_REQUIRED');
      return undefined;
    default:
      return undefined;
  }
});

function checkAccount(body: Readonly<Record<string, unknown>>) {
  if (Object.keys(body).some((field) => !SIGN_UP_FIELDS.includes(field)))
    refuse('FIELD_NOT_ALLOWED');
  return {
    name: name.safeParse(body['name']).data ?? refuse('INVALID_NAME'),
    email: email.safeParse(body['email']).data ?? refuse('INVALID_EMAIL'),
  };
}

/** One that is no text, too short or too long is Better Auth's to refuse. */
function checkPassword(password: unknown, personal: readonly string[]): void {
  if (typeof password !== 'string') return;
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) return;
  const flaw = passwordFlaw(password, personal);
  if (flaw) refuse(flaw);
}

function refuse(code: keyof typeof MESSAGES): never {
  throw new APIError('BAD_REQUEST', { code, message: MESSAGES[code] });
}
