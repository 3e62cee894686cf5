import { decodeJwt } from 'jose';
import { SessionOverError } from './session-over.ts';

export interface TokenSourceOptions {
  readonly fetch: typeof fetch;
  /** The time in milliseconds. Only differences count, so that the clock may be wrong. */
  readonly now: () => number;
  /** Called once when there is no session any more, or another user's. */
  readonly onSessionOver: () => void;
}

/** The caller's tokens, kept in memory and nowhere else. Promises reject with a {@link SessionOverError} once it is over. */
export interface TokenSource {
  /** A token that is not about to expire. */
  readonly token: () => Promise<string>;
  /** Another token than this one, which the service has refused. */
  readonly renew: (refused: string) => Promise<string>;
  /** Whether the session was found to be over. */
  readonly isOver: () => boolean;
  /** Begins anew, with tokens of this user only. */
  readonly begin: (userId: string) => void;
  /** Forgets everything; calls fail from now on. */
  readonly end: () => void;
}

interface Kept {
  readonly token: string;
  readonly renewAt: number;
  readonly expiresAt: number;
}

const ADDRESS = '/api/auth/token';
const TIMEOUT_MS = 10_000;
/** A token is renewed this long before its end, and one of a short life after three quarters of it. */
const MARGIN_MS = 60_000;
/** A token outlives a session that was ended elsewhere: it is not used for longer without asking. */
const LONGEST_USE_MS = 15 * 60_000;
/** For tokens that do not tell how long they live. */
const UNKNOWN_LIFE_MS = 5 * 60_000;

/** Makes a source of tokens on Better Auth's session of this browser. However many ask, one request is under way. */
export function createTokenSource({ fetch, now, onSessionOver }: TokenSourceOptions): TokenSource {
  let user: string | undefined;
  let kept: Kept | undefined;
  let over = false;
  let underWay: Promise<Kept> | undefined;

  const forget = () => {
    kept = undefined;
    underWay = undefined;
  };

  const ask = (): Promise<Kept> => {
    if (over) return Promise.reject(new SessionOverError());
    if (underWay) return underWay;
    const asking = request(user)
      .then(
        (fresh) => {
          if (underWay === asking) kept = fresh;
          return fresh;
        },
        (error: unknown) => {
          if (error instanceof SessionOverError && underWay === asking) {
            forget();
            over = true;
            onSessionOver();
          }
          throw error;
        },
      )
      .finally(() => {
        if (underWay === asking) underWay = undefined;
      });
    underWay = asking;
    return asking;
  };

  const request = async (owner: string | undefined): Promise<Kept> => {
    const asked = now();
    const response = await fetch(ADDRESS, {
      cache: 'no-store',
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (response.status === 401) throw new SessionOverError();
    if (!response.ok) throw new Error(`No token: HTTP status ${response.status}`);
    const { token } = (await response.json()) as { token?: unknown };
    if (typeof token !== 'string') throw new Error('No token: the reply has none');
    const { sub, iat, exp } = decodeJwt(token);
    // Somebody else has signed in, in another tab.
    if (owner !== undefined && sub !== owner) throw new SessionOverError();
    const life = iat === undefined || exp === undefined ? UNKNOWN_LIFE_MS : (exp - iat) * 1000;
    const use = Math.min(life - Math.min(MARGIN_MS, life / 4), LONGEST_USE_MS);
    return { token, renewAt: asked + use, expiresAt: asked + life };
  };

  return {
    async token() {
      const had = kept;
      if (had && now() < had.renewAt) return had.token;
      try {
        return (await ask()).token;
      } catch (error) {
        // While nobody can be asked, the old one does as long as it lives.
        if (!had || error instanceof SessionOverError || now() >= had.expiresAt) throw error;
        return had.token;
      }
    },
    async renew(refused) {
      // Another call may have renewed it already.
      if (kept && kept.token !== refused) return kept.token;
      kept = undefined;
      return (await ask()).token;
    },
    isOver: () => over,
    begin(userId) {
      user = userId;
      forget();
      over = false;
    },
    end() {
      forget();
      over = true;
    },
  };
}
