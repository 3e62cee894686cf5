declare const brand: unique symbol;

/** The subject of a verified token: 1 to 255 characters, no controls. Only a verified token makes one. */
export type UserId = string & { readonly [brand]: never };

/** Who is calling, as their token says. */
export interface Caller {
  readonly id: UserId;
  readonly email: string | null;
  readonly name: string | null;
}

// Characters are Unicode code points; Cc are the controls (C0, DEL, C1), Cs the lone surrogates.
const USER_ID = /^[^\p{Cc}\p{Cs}]{1,255}$/u;
// PostgreSQL stores no NUL.
const EMAIL = /^[^\0\p{Cs}]{1,320}$/u;
const NAME = /^[^\0\p{Cs}]{1,255}$/u;

type Claims = Readonly<Record<string, unknown>>;

/** Whether a value can be a user's id. */
export function isUserId(value: unknown): value is UserId {
  return typeof value === 'string' && USER_ID.test(value);
}

/**
 * Reads the caller out of the claims of a verified token: the claims themselves, or Better Auth's `user` among them.
 * A `sub` that is there decides, right or wrong. An email or name that cannot be used counts as absent.
 *
 * @returns undefined when the claims name no user, as those of Better Auth's email-verification tokens
 */
export function callerOf(claims: Claims): Caller | undefined {
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
