import { jwt } from 'better-auth/plugins';
import { SignJWT } from 'jose';
import type { Config } from '../config.ts';

/** Between the clocks of services, and for those that ask for keys seldom. */
const SPARE_SECONDS = 3600;

/**
 * The plugin that gives users the tokens which the service takes: `GET /api/auth/token`, and for EdDSA the keys at
 * `GET /api/auth/jwks`. The claims are the same either way: `sub`, `email`, `name`, `iss`, `aud`, `iat`, `exp`.
 */
export function tokenPlugin({ url, secret, token }: Pick<Config, 'url' | 'secret' | 'token'>) {
  const claims = {
    issuer: url,
    audience: url,
    expirationTime: `${token.lifetime}s`,
    // The plugin adds `sub`. Otherwise all that is known of the user would be in every request.
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
      // Asked for with `sign`, and not used: there are no public keys.
      jwks: { remoteUrl: url, keyPairConfig: { alg: 'EdDSA' } },
    });
  }
  return jwt({
    disableSettingJwtHeader: true,
    jwt: claims,
    jwks: {
      keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
      rotationInterval: token.keyRotation,
      // A key is published for as long as there may be tokens under it.
      gracePeriod: token.lifetime + SPARE_SECONDS,
    },
  });
}
