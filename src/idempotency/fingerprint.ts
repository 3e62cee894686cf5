import { createHash } from 'node:crypto';

/**
 * The SHA-256 of the values that a request sends, in a fixed order. It is stored with the idempotency key: a repeated key
 * is accepted only with the same values.
 */
export function fingerprintOf(fields: object): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(Object.values(fields)))
    .digest();
}
