import { LRUCache } from 'lru-cache';
import type { VerifiedToken } from './verifier.ts';

const MAX_TOKENS = 10_000;
/** Limits the memory for unusually long tokens; a typical token has less than 1,000 characters. */
const MAX_TOTAL_CHARACTERS = 16 * 1024 * 1024;

/**
 * Creates a cache of verified tokens, by the whole text of the token. It is bounded by number and by total length, and
 * evicts the least recently used (LRU) token first. The caller checks the expiry.
 */
export function createTokenCache() {
  return new LRUCache<string, VerifiedToken>({
    max: MAX_TOKENS,
    maxSize: MAX_TOTAL_CHARACTERS,
    sizeCalculation: (_, token) => token.length,
  });
}
