import { isIP } from 'node:net';
import { z } from 'zod';

/** The minimum length of a secret. */
export const SECRET_BYTES = 32;

/** An HTTP(S) URL without credentials. */
export const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://example.com' })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    error: 'must not contain a user name or password',
  });

/** An HTTP(S) URL to which paths are appended. */
export const baseUrl = url.refine((text) => !/[?#]/.test(text), {
  error: 'must not contain a query or a fragment',
});

/** A URL with an optional path, such as `https://example.com/todo`, without a slash at its end. */
export const publicUrl = z
  .string()
  .regex(/^https?:\/\/(\[[\da-f:]+\]|[\w.-]+)(:\d{1,5})?(\/[\w\-.~%]+)*\/?$/i, {
    error: 'must be a URL such as https://example.com or https://example.com/todo',
  })
  .transform((text) => text.replace(/\/$/, ''));

export const databaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\//,
    'must be a URL such as postgres://user:password@host:5432/database',
  );

export const secret = z.string().refine((text) => Buffer.byteLength(text) >= SECRET_BYTES, {
  error: `must have at least ${SECRET_BYTES} bytes; generate one: openssl rand -base64 32`,
});

export const integer = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be an integer from ${min} to ${max}`,
    })
    .transform(Number);

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A duration such as `15m`, in seconds. */
export const duration = (min: string, max: string) =>
  z
    .string()
    .refine((text) => secondsOf(text) >= secondsOf(min) && secondsOf(text) <= secondsOf(max), {
      error: `must be a duration from ${min} to ${max}, such as 90s, 15m, 12h or 7d`,
    })
    .transform(secondsOf);

function secondsOf(text: string): number {
  const [, count, unit = 's'] = /^(\d{1,8})([smhd])$/.exec(text) ?? [];
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/** IP addresses and networks, separated by commas. */
export const networks = z.string().transform((list, context) => {
  const items = list.split(',').map((item) => item.trim());
  const wrong = items.find((item) => !isNetwork(item));
  if (wrong === undefined) return items;
  context.addIssue({
    code: 'custom',
    message: `must be IP addresses or networks such as 10.0.0.0/24, separated by commas; ${JSON.stringify(wrong)} is neither`,
  });
  return z.NEVER;
});

function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0 || address.includes('%')) return false;
  return (
    prefix === undefined ||
    (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
  );
}
