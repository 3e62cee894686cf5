import { createLocalJWKSet, errors, type FetchImplementation, type JSONWebKeySet } from 'jose';
import { readBounded } from '../net/read-bounded.ts';

const MAX_BYTES = 256 * 1024;

/** The algorithms of the tokens that are verified with the keys of a JWKS. */
export const JWKS_ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'ES512', 'RS256', 'PS256'];

/**
 * Fetches a JSON Web Key Set (RFC 7517), for jose's remote set. Redirects are not followed.
 *
 * @throws when the request times out or fails, or when the response is not a 200, is larger than 256 KiB, is not a JWKS or
 *   contains no key for any of the algorithms
 */
export const fetchJwks: FetchImplementation = async (url, options) => {
  const response = await fetch(url, options);
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new Error(`the response has status ${response.status} instead of 200`);
  }
  const body = await readBounded(response, MAX_BYTES);
  if (!body) {
    await response.body?.cancel();
    throw new Error(`the response is larger than ${MAX_BYTES} bytes`);
  }
  if (!(await hasUsableKey(JSON.parse(body.toString()) as JSONWebKeySet)))
    throw new Error('the response contains no key that can verify a token');
  return new Response(body);
};

async function hasUsableKey(jwks: JSONWebKeySet): Promise<boolean> {
  const keyFor = createLocalJWKSet(jwks);
  const usable = await Promise.all(
    JWKS_ALGORITHMS.map((alg) =>
      keyFor({ alg }).then(
        () => true,
        (error: unknown) => error instanceof errors.JWKSMultipleMatchingKeys,
      ),
    ),
  );
  return usable.includes(true);
}
