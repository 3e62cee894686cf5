import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { CreateCounter } from './rate-limits.ts';

/** How long a request waits for the store, in milliseconds. Then the connection is closed, and opened again. */
const TIMEOUT_MS = 500;

/**
 * Connects to a Redis server that counts for several processes. While it is not reachable, the counters count in the memory of
 * this process.
 */
export function openRedis(url: string, log: Logger): { create: CreateCounter; close: () => void } {
  const redis = new Redis(url, {
    // Without a connection, a command fails at once.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    connectTimeout: 2_000,
  });
  let isReachable: boolean | undefined;
  redis.on('ready', () => {
    isReachable = true;
    log.info('connected to the store of the rate limits');
  });
  // Emitted for every failed attempt to connect.
  redis.on('error', (err) => {
    if (isReachable === false) return;
    isReachable = false;
    log.warn({ err }, 'the store of the rate limits is unreachable; counting in this process');
  });
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
