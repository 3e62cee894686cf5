import { z } from 'zod';

/** A sample secret from the internet that people copy. It is public and therefore insecure. */
export const SAMPLE_SECRET = 'zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5';
/** The minimum length of a secret. */
export const SECRET_BYTES = 32;

/** An HTTP(S) URL without credentials. */
export const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://example.com' })
  .refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
    error: 'must not contain a user name or password',
  });

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
