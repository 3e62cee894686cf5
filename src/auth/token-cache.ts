import { LRUCache } from 'lru-cache';
import type { Problem } from '../errors/problem.ts';
import type { VerifiedToken } from './verifier.ts';

const MAX_VERIFIED = 10_000;
const MAX_REJECTED = 1_000;
/** Limits the memory for unusually long tokens; a typical token has less than 1,000 characters. */
const MAX_TOTAL_CHARACTERS = 16 * 1024 * 1024;

/**
 * Creates a cache of the results of verification, by the whole text of the token. It is bounded by number and by total
 * length, and evicts the least recently used (LRU) token first. Entries have no time limit: the authenticator checks expiry and
 * revocation with each request, and creates a new cache when the keys of the JWKS change.
 */
export function createTokenCache() {
  return {
    verified: createCache<VerifiedToken>(MAX_VERIFIED),
    /** Tokens whose signature is invalid. In a cache of their own, so that they cannot evict verified tokens. */
    rejected: createCache<Problem>(MAX_REJECTED),
  };
}

function createCache<Result extends object>(max: number): LRUCache<string, Result> {
  return new LRUCache({
    max,
    maxSize: MAX_TOTAL_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });
}
