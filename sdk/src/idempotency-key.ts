/**
 * Creates an idempotency key: 128 random bits as hexadecimal digits. The client creates one for each `createTask`; create
 * your own to repeat a creation after a restart.
 */
export function createIdempotencyKey(): string {
  return Array.from(randomBytes(), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Not `crypto.randomUUID`, which pages without TLS lack. React Native has no `crypto`; keys have to be unique, not secret. */
function randomBytes(): Uint8Array {
  const bytes = new Uint8Array(16);
  if ('crypto' in globalThis) return crypto.getRandomValues(bytes);
  return bytes.map(() => Math.random() * 256);
}
