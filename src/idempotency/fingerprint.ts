import { createHash } from 'node:crypto';

/**
 * Computes the SHA-256 of a request's values, in the order of the fields. It is stored with the idempotency key: a repeated
 * key is accepted only with the same values.
 */
export function fingerprintOf(fields: object): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(Object.values(fields)))
    .digest();
}
