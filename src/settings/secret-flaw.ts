/** Secrets that are published, such as Better Auth's default. */
const PUBLISHED = ['zF4Gr5uYTUtVZVcyXGLFaTyskJhewCl5', 'better-auth-secret-123456'];
const MIN_CHARACTERS = 8;
/** A text that repeats a shorter one. */
const REPETITION = /^(.{1,16}?)\1+$/s;

const GENERATE = 'generate your own: openssl rand -base64 32';

/** Whether a secret is a published one, or contains one. */
export function isPublished(secret: string): boolean {
  return PUBLISHED.some((published) => secret.includes(published));
}

/** Describes why a secret is weak or published. Returns undefined if it appears to be strong. */
export function secretFlaw(secret: string): string | undefined {
  if (isPublished(secret)) return `this is a published sample value; ${GENERATE}`;
  if (new Set(secret).size < MIN_CHARACTERS || REPETITION.test(secret))
    return `too few different characters; ${GENERATE}`;
  return undefined;
}
