import { createSecretKey } from 'node:crypto';
import {
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyOptions,
} from 'jose';
import type { Config } from '../config.ts';
import { Problem } from '../errors/problem.ts';
import { callerOf, type Caller } from './caller.ts';
import type { RemoteKeys } from './remote-keys.ts';

const SHARED = ['HS256'];
const PUBLISHED = ['EdDSA', 'Ed25519', 'ES256', 'ES512', 'RS256', 'PS256'];
const CLOCK_TOLERANCE_SECONDS = 5;

export interface VerifiedToken {
  readonly caller: Caller;
  /** Seconds since 1970, as in the token. */
  readonly exp: number;
}

export type Verify = (token: string) => Promise<VerifiedToken>;

/**
 * Makes a verifier of JSON Web Tokens (RFC 7519): HS256 under the shared secret, other algorithms under the published
 * keys. Without the one or the other, there are no valid tokens of that kind.
 *
 * The verifier throws {@link Problem}: token-expired for a token whose only fault that is, unavailable when the keys
 * could never be fetched, invalid-token for everything else.
 */
export function createVerifier(auth: Config['auth'], keys: RemoteKeys | undefined): Verify {
  const secret = auth.secret === undefined ? undefined : createSecretKey(auth.secret, 'utf8');
  const shared = verification(SHARED, auth.issuer, auth.audience);
  const published = verification(
    PUBLISHED,
    auth.issuer ?? auth.jwksOrigin,
    auth.audience ?? auth.jwksOrigin,
  );

  /** Each kind of key is only ever asked about the algorithms of its own. */
  async function verifySignature(token: string): Promise<JWTPayload> {
    const { alg = '' } = decodeProtectedHeader(token);
    if (secret && SHARED.includes(alg)) return (await jwtVerify(token, secret, shared)).payload;
    if (keys && PUBLISHED.includes(alg))
      return (await jwtVerify(token, keys.find, published)).payload;
    throw new errors.JOSEAlgNotAllowed(`no key is configured for the algorithm ${alg}`);
  }

  return async (token) => {
    try {
      if (!isCompact(token)) throw new errors.JWSInvalid('not in the compact form of RFC 7515');
      const claims = await verifySignature(token).catch(claimsOfExpired);
      const verified = read(claims);
      if (isExpired(verified)) throw new Problem('token-expired');
      return verified;
    } catch (error) {
      throw error instanceof Problem ? error : new Problem('invalid-token', { cause: error });
    }
  };
}

/** Whether a token's time is over, the tolerance included. */
export function isExpired({ exp }: Pick<VerifiedToken, 'exp'>): boolean {
  return exp <= now() - CLOCK_TOLERANCE_SECONDS;
}

function verification(
  algorithms: string[],
  issuer: string | undefined,
  audience: string | undefined,
): JWTVerifyOptions {
  return {
    algorithms,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
}

/** jose looks at `exp` last of what it checks: the claims of an expired token are otherwise good so far. */
function claimsOfExpired(error: unknown): JWTPayload {
  if (error instanceof errors.JWTExpired) return error.payload;
  throw error;
}

/** What jose leaves to us. JSON's 1e400 is a number too: Infinity. */
function read(claims: JWTPayload): VerifiedToken {
  const { exp, iat } = claims;
  if (exp === undefined || !Number.isFinite(exp)) throw new errors.JWTInvalid('exp is no time');
  if (iat === undefined || !Number.isFinite(iat)) throw new errors.JWTInvalid('iat is no time');
  if (iat > now() + CLOCK_TOLERANCE_SECONDS) throw new errors.JWTInvalid('iat is in the future');
  const caller = callerOf(claims);
  if (!caller) throw new errors.JWTInvalid('the claims name no user');
  return { caller, exp };
}

/** Three segments of canonical base64url: exactly one spelling, so that no changed character goes unnoticed. */
function isCompact(token: string): boolean {
  const segments = token.split('.', 4);
  return segments.length === 3 && segments.every(isBase64url);
}

function isBase64url(segment: string): boolean {
  return segment !== '' && Buffer.from(segment, 'base64url').toString('base64url') === segment;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
