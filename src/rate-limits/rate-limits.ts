import type { Logger } from 'pino';
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from '../config.ts';

const WINDOW_SECONDS = 60;

/** The state of a limit for one key. */
export interface Quota {
  readonly isExceeded: boolean;
  /** The number of seconds until the limit is reset, 1 to 60. */
  readonly resetSeconds: number;
  /** `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10). */
  readonly headers: Readonly<Record<string, string>>;
}

/** A limit per minute for each key. */
interface RateLimit {
  /** Counts one event of the key. */
  count(key: string): Promise<Quota>;
  /** Counts nothing. The limit is exceeded if no further event is allowed. */
  check(key: string): Promise<Quota>;
  /** The number of times that the limit was exceeded. */
  readonly exceeded: number;
}

/** The active limits. */
export interface RateLimits {
  /** Requests, by user id. */
  readonly perUser?: RateLimit | undefined;
  /** Rejected tokens, by client IP address. */
  readonly perAddress?: RateLimit | undefined;
}

/** Creates the counter of a limit. */
export type CreateCounter = (options: {
  readonly keyPrefix: string;
  readonly points: number;
  readonly duration: number;
}) => RateLimiterAbstract;

/**
 * Creates the rate limits. With a store, all processes count together; while it does not respond, each process counts its
 * own events.
 */
export async function openRateLimits(
  { perUser, perAddress, store }: Config['rateLimits'],
  log: Logger,
): Promise<RateLimits & { close(): void }> {
  // Loaded on demand, because most processes do not need the Redis client.
  const counters = store === undefined ? local : (await import('./redis.ts')).openRedis(store, log);
  const limit = (name: string, quota: number) =>
    quota === 0 ? undefined : createRateLimit(name, quota, counters.create);
  return {
    perUser: limit('user', perUser),
    perAddress: limit('invalid-token', perAddress),
    close: counters.close,
  };
}

const local: { create: CreateCounter; close: () => void } = {
  create: (options) => new RateLimiterMemory(options),
  close: () => undefined,
};

/** @param quota how many events a minute allows for each key */
function createRateLimit(name: string, quota: number, create: CreateCounter): RateLimit {
  const counter = create({
    keyPrefix: `tasks-api:${name}`,
    points: quota,
    duration: WINDOW_SECONDS,
  });
  let exceeded = 0;
  const policy = `"${name}";q=${quota};w=${WINDOW_SECONDS}`;

  function quotaOf(remaining: number, msBeforeReset: number, isExceeded: boolean): Quota {
    if (isExceeded) exceeded++;
    const seconds = Math.min(Math.max(Math.ceil(msBeforeReset / 1000), 1), WINDOW_SECONDS);
    return {
      isExceeded,
      resetSeconds: seconds,
      headers: {
        RateLimit: `"${name}";r=${remaining};t=${seconds}`,
        'RateLimit-Policy': policy,
      },
    };
  }

  return {
    get exceeded() {
      return exceeded;
    },
    async count(key) {
      try {
        const { remainingPoints, msBeforeNext } = await counter.consume(key);
        return quotaOf(remainingPoints, msBeforeNext, false);
      } catch (rejected) {
        if (!(rejected instanceof RateLimiterRes)) throw rejected;
        return quotaOf(0, rejected.msBeforeNext, true);
      }
    },
    async check(key) {
      const counted = await counter.get(key);
      if (!counted) return quotaOf(quota, WINDOW_SECONDS * 1000, false);
      const { remainingPoints, msBeforeNext } = counted;
      return quotaOf(remainingPoints, msBeforeNext, remainingPoints === 0);
    },
  };
}
