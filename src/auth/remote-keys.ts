import { isDeepStrictEqual } from 'node:util';
import { errors, type CryptoKey, type JWSHeaderParameters } from 'jose';
import type { Logger } from 'pino';
import { Problem } from '../errors/problem.ts';
import { fetchKeySet, type KeySet } from './fetch-key-set.ts';

const FETCH_TIMEOUT_MS = 5_000;
const REFRESH_MS = 10 * 60_000;
const RETRY_MS = 30_000;
const FIRST_RETRY_MS = 1_000;

/** The keys of a JWKS, fetched when a token asks for them. */
export interface RemoteKeys {
  /**
   * The key that a token's header names. The set is fetched (again) for one that is not known, at most once in 30 s
   * while that does not help.
   *
   * @throws {errors.JWKSNoMatchingKey} and other errors of jose, when there is no such key
   * @throws {Problem} unavailable, while no set was ever fetched
   */
  readonly find: (header: JWSHeaderParameters) => Promise<CryptoKey>;
  /** Fetches keys older than 10 minutes again, in the background. The last good ones stay while that fails. */
  readonly refreshWhenOld: () => void;
}

interface Options {
  readonly url: string;
  readonly log: Pick<Logger, 'warn'>;
  /** Told when the keys are no longer what they were. */
  readonly onChange: () => void;
  readonly timeoutMs?: number;
}

/** Fetches and keeps the keys of a JWKS. Nothing is fetched before the first token asks. */
export function createRemoteKeys({
  url,
  log,
  onChange,
  timeoutMs = FETCH_TIMEOUT_MS,
}: Options): RemoteKeys {
  let keySet: KeySet | undefined;
  let failure: unknown;
  let fetching: Promise<void> | undefined;
  let refreshAt = 0;
  /** Until then, a key that is not known is no reason to fetch. */
  let restUntil = 0;

  /** One fetch at a time, for all who wait; never rejects. */
  function fetchKeys(): Promise<void> {
    fetching ??= replaceKeys().finally(() => {
      fetching = undefined;
    });
    return fetching;
  }

  async function replaceKeys(): Promise<void> {
    refreshAt = performance.now() + RETRY_MS;
    try {
      const fetched = await fetchKeySet(url, timeoutMs);
      const changed = keySet !== undefined && !isDeepStrictEqual(fetched.jwks(), keySet.jwks());
      keySet = fetched;
      refreshAt = performance.now() + REFRESH_MS;
      if (changed) onChange();
    } catch (error) {
      failure = error;
      log.warn({ err: error, url }, 'the JWKS could not be fetched');
    }
  }

  async function lookUp(header: JWSHeaderParameters): Promise<CryptoKey | undefined> {
    try {
      return await keySet?.(header);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) return undefined;
      throw error;
    }
  }

  return {
    async find(header) {
      const known = await lookUp(header);
      if (known) return known;
      const now = performance.now();
      if (fetching || now >= restUntil) {
        const isOurs = !fetching;
        await fetchKeys();
        const fetched = await lookUp(header);
        if (fetched) return fetched;
        // Keys that came with another's fetch may be older than this token's.
        if (isOurs) restUntil = now + (keySet ? RETRY_MS : FIRST_RETRY_MS);
      }
      if (!keySet) throw new Problem('unavailable', { cause: failure });
      throw new errors.JWKSNoMatchingKey();
    },

    refreshWhenOld() {
      if (keySet && performance.now() >= refreshAt) void fetchKeys();
    },
  };
}
