import { SignJWT, type JWTPayload } from 'jose';

/** The secret that the services under test share with the tests. */
export const SECRET = 'a secret that only the tests use';

const key = (secret: string) => new TextEncoder().encode(secret);

/** A token of a user. It is valid for an hour by default. */
export function tokenOf(user: string, claims: JWTPayload = {}, secret = SECRET): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const defaults = {
    sub: user,
    email: `${user}@example.com`,
    name: user,
    iat: now,
    exp: now + 3600,
  };
  return new SignJWT({ ...defaults, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(key(secret));
}

/** A token that expired a minute ago. */
export function expiredTokenOf(user: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return tokenOf(user, { iat: now - 3600, exp: now - 60 });
}

/** A token that is signed with another secret. */
export function forgedTokenOf(user: string): Promise<string> {
  return tokenOf(user, {}, 'another secret, which the service does not know');
}
