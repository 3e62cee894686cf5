import cors, { type CorsOptions } from 'cors';
import { wildcardPattern } from '../settings/origins.ts';

/** What the pages of other origins may send and read. */
const options: CorsOptions = {
  methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'If-Match',
    'If-None-Match',
    'X-Request-Id',
  ],
  exposedHeaders: [
    'Allow',
    'ETag',
    'Link',
    'Location',
    'RateLimit',
    'RateLimit-Policy',
    'Retry-After',
    'WWW-Authenticate',
    'X-Request-Id',
  ],
  maxAge: 600,
};

/**
 * Decides which pages may call the service (CORS): those of the given origins. An origin with a wildcard allows every origin
 * that it matches.
 */
export function createCors(origins: readonly string[]) {
  const exact = origins.filter((origin) => !origin.includes('*'));
  const wildcards = origins.filter((origin) => origin.includes('*'));
  const patterns = wildcards.map(wildcardPattern);
  return {
    /** The origins without a wildcard. */
    exact,
    /** An origin that a wildcard matches; undefined without one. */
    example: wildcards[0]?.replace('*', 'x'),
    matchesWildcard: (origin: string): boolean => patterns.some((pattern) => pattern.test(origin)),
    /** Sets the CORS headers of a response, and responds to a preflight request. */
    allow: cors({ ...options, origin: [...exact, ...patterns] }),
  };
}
