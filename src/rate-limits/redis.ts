import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { connectRedis } from '../net/redis.ts';
import type { CreateCounter } from './rate-limits.ts';

/**
 * Connects to a Redis server that counts for several processes. While it is not reachable, the counters count in the memory of
 * this process.
 */
export function openRedis(url: string, log: Logger): { create: CreateCounter; close: () => void } {
  const redis = connectRedis(url, log, 'the rate limits', 'counting in this process');
  return {
    create: (options) =>
      new RateLimiterRedis({
        ...options,
        storeClient: redis,
        // A key that exceeds its limit is not looked up again until the limit is reset.
        inMemoryBlockOnConsumed: options.points + 1,
        insuranceLimiter: new RateLimiterMemory(options),
      }),
    close: () => {
      redis.disconnect();
    },
  };
}
