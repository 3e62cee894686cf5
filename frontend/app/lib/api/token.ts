import { decodeJwt } from 'jose';
import { BASE_PATH } from '../base-path.ts';
import { SessionEndedError } from './session-ended-error.ts';

export interface TokenSourceOptions {
  readonly fetch: typeof fetch;
  /** The time in milliseconds. Only differences are used, so that a wrong clock does no harm. */
  readonly now: () => number;
  /** Called once when the session has ended, or another user has signed in. */
  readonly onSessionEnded: () => void;
}

/**
 * The caller's tokens, cached in memory and nowhere else. Promises reject with a {@link SessionEndedError} when the session has
 * ended.
 */
export interface TokenSource {
  /** A token that does not expire soon. */
  readonly token: () => Promise<string>;
  /** A new token, after the service has rejected this one. */
  readonly renew: (rejected: string) => Promise<string>;
  /** Clears the cache, because the service will reject the token. */
  readonly forget: () => void;
  /** Whether the session is known to have ended. */
  readonly hasEnded: () => boolean;
  /** Clears the cache and accepts only tokens of this user from now on. */
  readonly begin: (userId: string) => void;
  /**
   * Waits for the request in flight, then runs `signOut`, which ends the session at the server. Calls wait for its outcome, so that
   * none finds out about the end by itself: if it succeeds, they and all later calls fail; if it rejects, they continue.
   */
  readonly endBy: (signOut: () => Promise<unknown>) => Promise<void>;
}

interface CachedToken {
  readonly token: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

const TOKEN_PATH = `${BASE_PATH}/api/auth/token`;
const TIMEOUT_MS = 10_000;
/** How long before its expiry a token is renewed, but at most a quarter of its lifetime. */
const RENEWAL_MARGIN_MS = 60_000;
/** A token stays valid when its session ends. Renewing it after this time finds out that the session has ended. */
const MAX_AGE_MS = 15 * 60_000;
/** The lifetime of tokens without `iat` or `exp`. */
const DEFAULT_LIFETIME_MS = 5 * 60_000;

/** Creates a token source for the browser's Better Auth session. Concurrent calls share one request. */
export function createTokenSource({ fetch, now, onSessionEnded }: TokenSourceOptions): TokenSource {
  let user: string | undefined;
  let cached: CachedToken | undefined;
  let ended = false;
  let inFlight: Promise<CachedToken> | undefined;
  let ending: Promise<unknown> | undefined;

  const clear = () => {
    cached = undefined;
    inFlight = undefined;
  };

  const fetchToken = (): Promise<CachedToken> => {
    if (ended) return Promise.reject(new SessionEndedError());
    if (inFlight) return inFlight;
    const fetching = request(user)
      .then(
        (fresh) => {
          if (inFlight === fetching) cached = fresh;
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof SessionEndedError && inFlight === fetching) {
            clear();
            ended = true;
            onSessionEnded();
          }
          throw error;
        },
      )
      .finally(() => {
        if (inFlight === fetching) inFlight = undefined;
      });
    inFlight = fetching;
    return fetching;
  };

  const request = async (owner: string | undefined): Promise<CachedToken> => {
    const requestedAt = now();
    const response = await fetch(TOKEN_PATH, {
      cache: 'no-store',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401) throw new SessionEndedError();
    if (!response.ok) throw new Error(`No token: HTTP status ${response.status}`);
    const { token } = (await response.json()) as { token?: unknown };
    if (typeof token !== 'string') throw new Error('No token in the response');
    const { sub, iat, exp } = decodeJwt(token);
    // Another user has signed in, in another tab.
    if (owner !== undefined && sub !== owner) throw new SessionEndedError();
    const lifetime =
      iat === undefined || exp === undefined ? DEFAULT_LIFETIME_MS : (exp - iat) * 1000;
    const age = Math.min(lifetime - Math.min(RENEWAL_MARGIN_MS, lifetime / 4), MAX_AGE_MS);
    return { token, renewAt: requestedAt + age, expiresAt: requestedAt + lifetime };
  };

  return {
    async token() {
      if (ending) await ending;
      const current = cached;
      if (current && now() < current.renewAt) return current.token;
      try {
        return (await fetchToken()).token;
      } catch (error) {
        // While Better Auth cannot be reached, the old token is used until it expires.
        if (!current || error instanceof SessionEndedError || now() >= current.expiresAt)
          throw error;
        return current.token;
      }
    },
    async renew(rejected) {
      if (ending) await ending;
      // Another call may have renewed it already.
      if (cached && cached.token !== rejected) return cached.token;
      cached = undefined;
      return (await fetchToken()).token;
    },
    forget: clear,
    hasEnded: () => ended,
    begin(userId) {
      user = userId;
      clear();
      ended = false;
    },
    async endBy(signOut) {
      // A request that arrives after the sign-out would be refused. What this one finds out about the session no longer matters.
      const earlier = Promise.allSettled([inFlight]);
      inFlight = undefined;
      const outcome = earlier.then(signOut).then(() => {
        clear();
        ended = true;
      });
      ending = Promise.allSettled([outcome]);
      await outcome;
    },
  };
}
