/**
 * Creates an idempotency key: 128 random bits as hexadecimal digits. The client creates one for each `createTask`; create
 * your own to repeat a creation after a restart. It does not use `crypto.randomUUID`, which pages without TLS lack.
 */
export function createIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
