import { z } from 'zod';

/** A sample that is published on the internet, and copied: everybody knows it, so it protects nothing. */
export const PUBLISHED_SECRET = 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5';
export const SECRET_BYTES = 32;

/** An address by http or https. */
export const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://example.com' })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    error: 'must have no user name or password in it',
  });

export const databaseUrl = z
  .string()
  .regex(
    /^postgres(ql)?:\/\//,
    'must be a URL such as postgres://user:password@host:5432/database',
  );

export const secret = z.string().refine((text) => Buffer.byteLength(text) >= SECRET_BYTES, {
  error: `must have at least ${SECRET_BYTES} bytes; make one with: openssl rand -base64 32`,
});

export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .transform(Number);
