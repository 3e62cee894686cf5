import { signDevelopmentToken } from '../../src/auth/development.ts';
import { USER } from './data.ts';

/** The key that all servers verify tokens with. */
export const SECRET = 'the-benchmark-signs-its-tokens-with-this';

const anyIssuer = { auth: { issuer: undefined, audience: undefined } };

/** An HS256 token that all servers accept. */
export function signToken(): Promise<string> {
  return sign(SECRET);
}

/** A token with the signature of another key. */
export function signInvalidToken(): Promise<string> {
  return sign(SECRET.toUpperCase());
}

const sign = (secret: string) =>
  signDevelopmentToken(
    {
      auth: {
        ...anyIssuer.auth,
        secret,
        isSampleSecret: false,
        jwksUrl: undefined,
        jwksOrigin: undefined,
        leeway: 30,
        maxLifetime: 86_400,
      },
    },
    secret,
    USER,
  );
