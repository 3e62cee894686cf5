import { errors } from 'jose';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { Problem } from '../errors/problem.ts';
import { type Revocations, revokedToken } from '../revocations/revocations.ts';
import type { Caller, UserId } from './caller.ts';
import { createRemoteJwks } from './remote-jwks.ts';
import { createTokenCache } from './token-cache.ts';
import { createVerifier, isExpired } from './verifier.ts';

/**
 * Authenticates a caller by the value of the `Authorization` header (RFC 6750).
 *
 * @param beforeVerification called before a token that is not cached is verified; if it throws, the token is not verified
 * @throws {Problem} not-authenticated, invalid-token, token-expired; unavailable while the JWKS could not be fetched yet, or
 *   when too many requests wait for it
 */
export type Authenticate = (
  authorization: string | undefined,
  beforeVerification?: () => Promise<void>,
) => Promise<Caller>;

export interface Authenticator {
  readonly authenticate: Authenticate;
  /**
   * The user of a token that was verified before, by the value of the `Authorization` header; undefined without one. The token may
   * have expired since.
   */
  readonly userOf: (authorization: string | undefined) => UserId | undefined;
}

interface Options {
  readonly auth: Config['auth'];
  readonly revocations: Pick<Revocations, 'isRevoked'>;
  readonly log: Pick<Logger, 'warn'>;
  /** Counts the hits of the token cache. */
  readonly cacheUse?: { hits: number; misses: number };
}

/** Creates an authenticator. It caches the results of verification until the keys of the JWKS change. */
export function createAuthenticator({
  auth,
  revocations,
  log,
  cacheUse = { hits: 0, misses: 0 },
}: Options): Authenticator {
  let cache = createTokenCache();
  const jwks =
    auth.jwksUrl === undefined
      ? undefined
      : createRemoteJwks({
          url: auth.jwksUrl,
          log,
          // Replaced, not cleared: a verification in progress may still write a token of the old keys to the old cache.
          onChange: () => {
            cache = createTokenCache();
          },
        });
  const verify = createVerifier(auth, jwks);

  const authenticate: Authenticate = async (authorization, beforeVerification) => {
    const token = bearerToken(authorization);
    if (token === undefined) throw new Problem('not-authenticated', { reason: 'no bearer token' });
    jwks?.refreshIfStale();
    const { verified, rejected } = cache;
    const rejection = rejected.get(token);
    // Cheaper than to throw it, which V8 records with its place in the code.
    if (rejection) return Promise.reject(rejection);
    let result = verified.get(token);
    if (result) {
      cacheUse.hits++;
    } else {
      cacheUse.misses++;
      await beforeVerification?.();
      try {
        result = await verify(token);
      } catch (error) {
        if (hasInvalidSignature(error)) rejected.set(token, error);
        throw error;
      }
      verified.set(token, result);
    }
    if (isExpired(result)) throw new Problem('token-expired', { reason: 'expired' });
    if (revocations.isRevoked(result.caller)) throw revokedToken();
    return result.caller;
  };
  return {
    authenticate,
    userOf(authorization) {
      const token = bearerToken(authorization);
      return token === undefined ? undefined : cache.verified.peek(token)?.caller.id;
    },
  };
}

/** Unlike other rejections, such as that of a token that is not valid yet, this one is final until the keys change. */
function hasInvalidSignature(error: unknown): error is Problem {
  return error instanceof Problem && error.cause instanceof errors.JWSSignatureVerificationFailed;
}

function bearerToken(authorization = ''): string | undefined {
  // At most 16 spaces: V8 keeps the whole header in memory as long as the token is cached, but the cache counts only the token.
  return /^bearer {1,16}([^ ].*)$/is.exec(authorization)?.[1];
}
