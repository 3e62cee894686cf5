import { setTimeout as delay } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type CryptoKey,
  type JWSHeaderParameters,
} from 'jose';
import type { Logger } from 'pino';
import { whileIdle } from '../deadlines/request-deadline.ts';
import { Problem } from '../errors/problem.ts';
import { fetchJwks } from './fetch-jwks.ts';

const FETCH_TIMEOUT_MS = 5_000;
/** The minimum time from the start of a fetch to the start of the next one. */
const FETCH_INTERVAL_MS = 1_000;
const CACHE_MAX_AGE_MS = 10 * 60_000;
/** The time until a failed refresh is repeated. */
const REFRESH_RETRY_MS = 30_000;
/**
 * How many requests can wait for an unknown key: fewer than the load limit usually allows for one client (250), because all requests
 * of a proxy with new tokens count as those of one client.
 */
const MAX_WAITING = 150;
const tooManyWaiting = new Problem('unavailable', {
  cause: new Error('too many requests wait for the JWKS'),
});

/** A cached JWKS, fetched on demand, at most once per second. */
export interface RemoteJwks {
  /**
   * Returns the key that the header of a token names. For an unknown key, it waits for a fetch that starts after the call:
   * so a token with a new key is never rejected as invalid, even while other tokens name keys that do not exist.
   *
   * @throws {errors.JWKSNoMatchingKey} and other errors of jose, when no key matches
   * @throws {Problem} unavailable, when no fetch has succeeded yet; without a fetch in the second after a failed one. Also when
   *   the deadline of the request passes before the fetch ends, or when 150 requests wait already, except for the first successful fetch
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
  const keys = createRemoteJWKSet(new URL(url), {
    // Disables the automatic fetches of jose.
    cooldownDuration: Infinity,
    cacheMaxAge: Infinity,
    timeoutDuration: timeoutMs,
    [customFetch]: fetchJwks,
  });
  let isLoaded = false;
  let lastError: unknown;
  let staleAt = 0;
  let nextFetchAt = 0;
  let runningFetch: Promise<void> | undefined;
  let nextFetch: Promise<void> | undefined;
  /** The number of requests that wait for a fetch. */
  let waiting = 0;

  /** Waits for the next fetch that starts. Concurrent callers share it. Never rejects. */
  function fetchNext(): Promise<void> {
    nextFetch ??= startFetch();
    return nextFetch;
  }

  async function startFetch(): Promise<void> {
    await runningFetch;
    const wait = nextFetchAt - performance.now();
    if (wait > 0) await delay(wait);
    nextFetch = undefined;
    runningFetch = load().finally(() => {
      runningFetch = undefined;
    });
    await runningFetch;
  }

  async function load(): Promise<void> {
    const now = performance.now();
    nextFetchAt = now + FETCH_INTERVAL_MS;
    staleAt = now + REFRESH_RETRY_MS;
    const before = keys.jwks();
    try {
      await keys.reload();
      isLoaded = true;
      staleAt = performance.now() + CACHE_MAX_AGE_MS;
      if (before && !isDeepStrictEqual(keys.jwks(), before)) onChange();
    } catch (cause) {
      lastError = new Error(`could not fetch the JWKS from ${url}`, { cause });
      log.warn({ err: lastError, url }, 'could not fetch the JWKS');
    }
  }

  async function cachedKey(header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    if (!isLoaded) return undefined;
    try {
      return await keys(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  /** The key after the fetches that are necessary for it. */
  async function fetchedKey(header: JWSHeaderParameters): Promise<CryptoKey> {
    let key: CryptoKey | undefined;
    // It may have started before the key was published.
    const earlierFetch = runningFetch;
    if (earlierFetch) {
      await whileIdle(earlierFetch);
      key = await cachedKey(header);
    }
    const mayFetch = isLoaded || (!earlierFetch && performance.now() >= nextFetchAt);
    if (!key && mayFetch) {
      await whileIdle(fetchNext());
      key = await cachedKey(header);
    }
    if (key) return key;
    if (!isLoaded) throw new Problem('unavailable', { cause: lastError });
    throw new errors.JWKSNoMatchingKey();
  }

  return {
    async getKey(header) {
      const key = await cachedKey(header);
      if (key) return key;
      // Before the first fetch, all keys are unknown, and most tokens are valid.
      if (isLoaded && waiting >= MAX_WAITING) throw tooManyWaiting;
      waiting++;
      try {
        return await fetchedKey(header);
      } finally {
        waiting--;
      }
    },

    refreshIfStale() {
      if (isLoaded && performance.now() >= staleAt) void fetchNext();
    },
  };
}
