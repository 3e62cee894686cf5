import { isDeepStrictEqual } from 'node:util';
import { errors, type CryptoKey, type JWSHeaderParameters } from 'jose';
import type { Logger } from 'pino';
import { Problem } from '../errors/problem.ts';
import { fetchJwks, type Jwks } from './fetch-jwks.ts';

const FETCH_TIMEOUT_MS = 5_000;
const CACHE_MAX_AGE_MS = 10 * 60_000;
const COOLDOWN_MS = 30_000;
/** The cooldown while no fetch has succeeded yet. */
const INITIAL_COOLDOWN_MS = 1_000;

/** A cached JWKS, fetched on demand. */
export interface RemoteJwks {
  /**
   * Returns the key that the header of a token names. An unknown key triggers a fetch; if the key is still unknown, a
   * cooldown of 30 s begins (1 s if no fetch has succeeded yet), during which unknown keys do not trigger a fetch.
   *
   * @throws {errors.JWKSNoMatchingKey} and other errors of jose, when no key matches
   * @throws {Problem} unavailable, when no fetch has succeeded yet
   */
  readonly getKey: (header: JWSHeaderParameters) => Promise<CryptoKey>;
  /** Starts a fetch in the background when the cache is older than 10 minutes. If it fails, the cached keys stay in use. */
  readonly refreshIfStale: () => void;
}

interface Options {
  readonly url: string;
  readonly log: Pick<Logger, 'warn'>;
  /** Called when a fetch returned other keys than the cached ones. */
  readonly onChange: () => void;
  readonly timeoutMs?: number;
}

/** Creates a client of a JWKS endpoint. The first token that needs a key triggers the first fetch. */
export function createRemoteJwks({
  url,
  log,
  onChange,
  timeoutMs = FETCH_TIMEOUT_MS,
}: Options): RemoteJwks {
  let jwks: Jwks | undefined;
  let lastError: unknown;
  let pendingFetch: Promise<void> | undefined;
  let staleAt = 0;
  let cooldownUntil = 0;

  /** Concurrent callers share one fetch. Never rejects. */
  function reload(): Promise<void> {
    pendingFetch ??= fetchAndCache().finally(() => {
      pendingFetch = undefined;
    });
    return pendingFetch;
  }

  async function fetchAndCache(): Promise<void> {
    staleAt = performance.now() + COOLDOWN_MS;
    try {
      const fetched = await fetchJwks(url, timeoutMs);
      const changed = jwks !== undefined && !isDeepStrictEqual(fetched.jwks(), jwks.jwks());
      jwks = fetched;
      staleAt = performance.now() + CACHE_MAX_AGE_MS;
      if (changed) onChange();
    } catch (error) {
      lastError = error;
      log.warn({ err: error, url }, 'could not fetch the JWKS');
    }
  }

  async function cachedKey(header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    try {
      return await jwks?.(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  return {
    async getKey(header) {
      const cached = await cachedKey(header);
      if (cached) return cached;
      const now = performance.now();
      if (pendingFetch || now >= cooldownUntil) {
        const isOwnFetch = !pendingFetch;
        await reload();
        const fetched = await cachedKey(header);
        if (fetched) return fetched;
        // A fetch that was already pending may have started before the key was published: no cooldown for that.
        if (isOwnFetch) cooldownUntil = now + (jwks ? COOLDOWN_MS : INITIAL_COOLDOWN_MS);
      }
      if (!jwks) throw new Problem('unavailable', { cause: lastError });
      throw new errors.JWKSNoMatchingKey();
    },

    refreshIfStale() {
      if (jwks && performance.now() >= staleAt) void reload();
    },
  };
}
