import { createHmac } from 'node:crypto';
import { SECRET } from './tokens.ts';

/** The current time in seconds since the epoch, as in tokens. */
export const now = () => Math.floor(Date.now() / 1000);

export const encode = (text: string) => Buffer.from(text).toString('base64url');

const hashes = new Map<unknown, string>([
  ['HS384', 'sha384'],
  ['HS512', 'sha512'],
]);

/** A token with a valid signature of any claims and header, valid or not; strings are used as JSON text. */
export function sign(claims: unknown, header: unknown = { alg: 'HS256' }, secret = SECRET): string {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const input = `${encode(text(header))}.${encode(text(claims))}`;
  const hash = hashes.get((header as { alg?: unknown }).alg) ?? 'sha256';
  return `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`;
}

/** The claims of a valid token for alice, with some of them changed. */
export const claims = (changes: object = {}) => ({
  sub: 'alice',
  iat: now(),
  exp: now() + 60,
  ...changes,
});
