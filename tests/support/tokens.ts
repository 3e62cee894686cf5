import { SignJWT, type JWTPayload } from 'jose';

/** The secret that the services under test share with the tests. */
export const SECRET = 'a secret of the tests, and of nothing else';

const key = (secret: string) => new TextEncoder().encode(secret);

/** A token of a user, valid for an hour from now unless the claims say else. */
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

/** A token that was valid until a minute ago. */
export function expiredTokenOf(user: string): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return tokenOf(user, { iat: now - 3600, exp: now - 60 });
}

/** A token that somebody without the secret made. */
export function forgedTokenOf(user: string): Promise<string> {
  return tokenOf(user, {}, 'somebody else, who does not know the secret');
}
