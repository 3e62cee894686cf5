import { hash } from 'node:crypto';

/**
 * Computes the SHA-256 of a request's values, in the order of the fields. It is stored with the idempotency key: a repeated
 * key is accepted only with the same values.
 */
export function fingerprintOf(fields: object): Buffer {
  return hash('sha256', JSON.stringify(Object.values(fields)), 'buffer');
}
