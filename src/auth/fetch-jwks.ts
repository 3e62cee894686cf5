import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { readBounded } from '../net/read-bounded.ts';

const MAX_BYTES = 256 * 1024;

/** A JSON Web Key Set. Called with the header of a token, it returns the key that verifies the token. */
export type Jwks = ReturnType<typeof createLocalJWKSet>;

/**
 * Fetches a JSON Web Key Set (RFC 7517). An empty set is valid. Redirects are not followed.
 *
 * @throws when the request times out or fails, or when the response is not a 200, is larger than 256 KiB or is not a JWKS
 */
export async function fetchJwks(url: string, timeoutMs: number): Promise<Jwks> {
  const response = await fetch(url, {
    headers: { Accept: 'application/jwk-set+json, application/json' },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the JWKS response has status ${response.status} instead of 200`);
  }
  const body = await readBounded(response, MAX_BYTES);
  if (!body) {
    await response.body?.cancel();
    throw new Error(`the JWKS response is larger than ${MAX_BYTES} bytes`);
  }
  return createLocalJWKSet(JSON.parse(body.toString()) as JSONWebKeySet);
}
