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
import { type Caller, identityOf } from './caller.ts';
import { JWKS_ALGORITHMS } from './fetch-jwks.ts';
import { rejectionReason, textOf } from './rejection-reason.ts';
import type { RemoteJwks } from './remote-jwks.ts';

const SECRET_ALGORITHMS = ['HS256'];
const EXPIRY_TOLERANCE_SECONDS = 5;

export interface VerifiedToken {
  readonly caller: Caller;
  /** Expiry in seconds since 1970, from the token. */
  readonly exp: number;
}

export type Verify = (token: string) => Promise<VerifiedToken>;

/**
 * Creates a verifier of JSON Web Tokens (RFC 7519, RFC 8725): HS256 with the shared secret, other algorithms with the
 * keys of the JWKS. If one of the two is not configured, its tokens are invalid.
 *
 * The caller checks the expiry. The verifier throws a {@link Problem}: unavailable when the JWKS could not be fetched yet or too
 * many requests wait for it,
 * invalid-token for everything else.
 */
export function createVerifier(auth: Config['auth'], jwks: RemoteJwks | undefined): Verify {
  const secret = auth.secret === undefined ? undefined : createSecretKey(auth.secret, 'utf8');
  const { issuer, audience, jwksOrigin, leeway } = auth;
  const secretOptions = verifyOptions(SECRET_ALGORITHMS, leeway, issuer, audience);
  const jwksOptions = verifyOptions(
    JWKS_ALGORITHMS,
    leeway,
    issuer ?? jwksOrigin,
    audience ?? jwksOrigin,
  );

  /** Uses each kind of key only with its own algorithms, which prevents algorithm confusion (RFC 8725, section 3.1). */
  async function verifySignature(token: string): Promise<JWTPayload> {
    const { alg = '' } = decodeProtectedHeader(token);
    if (secret && SECRET_ALGORITHMS.includes(alg)) {
      return (await jwtVerify(token, secret, secretOptions)).payload;
    }
    if (jwks && JWKS_ALGORITHMS.includes(alg)) {
      return (await jwtVerify(token, jwks.getKey, jwksOptions)).payload;
    }
    throw new errors.JOSEAlgNotAllowed(`alg is ${textOf(alg)}, for which no key is configured`);
  }

  return async (token) => {
    try {
      if (!isCompact(token)) throw new errors.JWSInvalid('not a JWT');
      const claims = await verifySignature(token).catch(claimsOfExpired);
      return checkClaims(claims, auth);
    } catch (error) {
      if (error instanceof Problem) throw error;
      throw new Problem('invalid-token', { cause: error, reason: rejectionReason(error) });
    }
  };
}

/** Whether a token has expired, allowing 5 s of clock skew. */
export function isExpired({ exp }: Pick<VerifiedToken, 'exp'>): boolean {
  return exp <= now() - EXPIRY_TOLERANCE_SECONDS;
}

function verifyOptions(
  algorithms: string[],
  clockTolerance: number,
  issuer: string | undefined,
  audience: string | undefined,
): JWTVerifyOptions {
  return {
    algorithms,
    clockTolerance,
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  };
}

/** jose checks `exp` last, so the signature and the other claims of an expired token are valid. */
function claimsOfExpired(error: unknown): JWTPayload {
  if (error instanceof errors.JWTExpired) return error.payload;
  throw error;
}

/** Checks what jose does not: `exp` and `iat` are required and finite (JSON's 1e400 parses to Infinity), and there is a user. */
function checkClaims(
  claims: JWTPayload,
  { leeway, maxLifetime }: Pick<Config['auth'], 'leeway' | 'maxLifetime'>,
): VerifiedToken {
  const exp = timeOf(claims, 'exp');
  const iat = timeOf(claims, 'iat');
  if (iat > now() + leeway) throw new errors.JWTInvalid('iat in the future');
  // Such as an `exp` in milliseconds, with which the token would be valid for thousands of years.
  if (exp - iat > maxLifetime)
    throw new errors.JWTInvalid(`lifetime of more than ${maxLifetime} seconds (exp - iat)`);
  const identity = identityOf(claims);
  if (!identity) throw new errors.JWTInvalid('no valid user id in sub or user.id');
  return { caller: { ...identity, issuedAt: iat }, exp };
}

function timeOf(claims: JWTPayload, claim: 'exp' | 'iat'): number {
  const time = claims[claim];
  if (time === undefined) throw new errors.JWTInvalid(`${claim} missing`);
  if (!Number.isFinite(time)) throw new errors.JWTInvalid(`${claim} is not a finite number`);
  return time;
}

/** Three segments of canonical base64url: any changed character makes the token invalid, also where it would decode equally. */
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
