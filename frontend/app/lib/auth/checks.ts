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

/** The only fields that a request may set in a new account. */
const SIGN_UP_FIELDS = ['name', 'email', 'password', 'rememberMe'];
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const name = z.string().trim().min(1).max(MAX_NAME).regex(PRINTABLE);
const email = z.email().max(MAX_EMAIL);

const MESSAGES = {
  INVALID_NAME: `The name must have 1 to ${MAX_NAME} characters and no control characters`,
  INVALID_EMAIL: 'The email address is not valid',
  INVALID_TEXT: 'A text must not contain the NUL character',
  FIELD_NOT_ALLOWED: 'Only name, email and password are allowed',
  PASSWORD_REQUIRED: 'The password is required to delete the account',
  PASSWORD_TOO_COMMON: 'The password is too common',
  PASSWORD_IS_PERSONAL: 'The password is based on the name or email',
} as const satisfies Record<PasswordFlaw, string> & Record<string, string>;

/**
 * Checks a request before Better Auth does: text that the database cannot store; the name, email and fields of a new account; whether
 * a new password is easy to guess; and whether a request to delete an account has a password. Rejects with 400.
 */
export const checkRequest = createAuthMiddleware(async (context) => {
  const body = (context.body ?? {}) as Readonly<Record<string, unknown>>;
  if (Object.values(body).some((value) => typeof value === 'string' && value.includes('\0')))
    reject('INVALID_TEXT');
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
      // Better Auth accepts a recent session instead.
      if (typeof body['password'] !== 'string' || body['password'] === '')
        reject('PASSWORD_REQUIRED');
      return undefined;
    default:
      return undefined;
  }
});

function checkAccount(body: Readonly<Record<string, unknown>>) {
  if (Object.keys(body).some((field) => !SIGN_UP_FIELDS.includes(field)))
    reject('FIELD_NOT_ALLOWED');
  return {
    name: name.safeParse(body['name']).data ?? reject('INVALID_NAME'),
    email: email.safeParse(body['email']).data ?? reject('INVALID_EMAIL'),
  };
}

/** Better Auth itself rejects a password that is too short, too long or not a string. */
function checkPassword(password: unknown, personal: readonly string[]): void {
  if (typeof password !== 'string') return;
  if (password.length < MIN_PASSWORD_LENGTH || password.length > MAX_PASSWORD_LENGTH) return;
  const flaw = passwordFlaw(password, personal);
  if (flaw) reject(flaw);
}

function reject(code: keyof typeof MESSAGES): never {
  throw new APIError('BAD_REQUEST', { code, message: MESSAGES[code] });
}
