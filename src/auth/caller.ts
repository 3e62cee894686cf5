declare const brand: unique symbol;

/**
 * A valid user id, the subject of a token: 1 to 255 characters without control characters. The brand keeps other strings
 * out of the statements' first argument.
 */
export type UserId = string & { readonly [brand]: never };

/** A user, as stated in a verified token. */
export interface Identity {
  readonly id: UserId;
  readonly email: string | null;
  readonly name: string | null;
}

/** The caller of an operation. */
export interface Caller extends Identity {
  /** When the token was issued (`iat`), in seconds since 1970. */
  readonly issuedAt: number;
}

// Lengths count Unicode code points. \p{Cc} are the control characters (C0, DEL, C1), \p{Cs} the unpaired surrogates.
const USER_ID = /^[^\p{Cc}\p{Cs}]{1,255}$/u;
// PostgreSQL cannot store NUL.
const EMAIL = /^[^\0\p{Cs}]{1,320}$/u;
const NAME = /^[^\0\p{Cs}]{1,255}$/u;

type Claims = Readonly<Record<string, unknown>>;

export function isUserId(value: unknown): value is UserId {
  return typeof value === 'string' && USER_ID.test(value);
}

/**
 * Reads the identity from the claims of a verified token. The user id is `sub` where that claim exists, valid or not;
 * otherwise `user.id`, as in the session cookie of Better Auth. `email` and `name` are read from the claims or from
 * `user`; a missing or invalid value becomes null.
 *
 * @returns undefined without a valid user id, such as for Better Auth's email-verification tokens
 */
export function identityOf(claims: Claims): Identity | undefined {
  const user = isObject(claims['user']) ? claims['user'] : {};
  const id = 'sub' in claims ? claims['sub'] : user['id'];
  if (!isUserId(id)) return undefined;
  return {
    id,
    email: text(claims['email'], EMAIL) ?? text(user['email'], EMAIL) ?? null,
    name: text(claims['name'], NAME) ?? text(user['name'], NAME) ?? null,
  };
}

function isObject(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === 'string' && pattern.test(value) ? value : undefined;
}
