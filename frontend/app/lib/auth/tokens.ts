import { jwt } from 'better-auth/plugins';
import { SignJWT } from 'jose';
import type { Config } from '../config.ts';

/** Extra time that an old key is published: for clock skew, and for services that cache the keys. */
const GRACE_SECONDS = 3600;

/**
 * The plugin that issues tokens for the service at `GET /api/auth/token`. With EdDSA it publishes the keys at
 * `GET /api/auth/jwks`. The claims are the same for both algorithms: `sub`, `email`, `name`, `iss`, `aud`, `iat`, `exp`.
 */
export function tokenPlugin({ url, secret, token }: Pick<Config, 'url' | 'secret' | 'token'>) {
  const claims = {
    issuer: url,
    audience: url,
    expirationTime: `${token.lifetime}s`,
    // The plugin adds `sub`. By default it would include the whole user.
    definePayload: ({ user }: { user: { email: string; name: string } }) => ({
      email: user.email,
      name: user.name,
    }),
  };
  if (token.algorithm === 'HS256') {
    const key = new TextEncoder().encode(secret);
    return jwt({
      disableSettingJwtHeader: true,
      jwt: {
        ...claims,
        sign: (payload) =>
          new SignJWT(payload).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),
      },
      // Required with `sign`, but not used: there are no public keys.
      jwks: { remoteUrl: url, keyPairConfig: { alg: 'EdDSA' } },
    });
  }
  return jwt({
    disableSettingJwtHeader: true,
    jwt: claims,
    jwks: {
      keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
      rotationInterval: token.keyRotation,
      // A key stays published while tokens that it has signed are valid.
      gracePeriod: token.lifetime + GRACE_SECONDS,
    },
  });
}
