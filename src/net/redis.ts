import { Redis } from 'ioredis';
import type { Logger } from 'pino';

/** How long a command waits for its result, in milliseconds. Then the connection is closed, and opened again. */
const TIMEOUT_MS = 500;

/**
 * Connects to a Redis server. Without a connection, a command fails at once.
 *
 * @param purpose what is stored, for the log
 * @param fallback what happens while the server is not reachable, for the log
 */
export function connectRedis(url: string, log: Logger, purpose: string, fallback: string): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    connectTimeout: 2_000,
  });
  let isReachable: boolean | undefined;
  redis.on('ready', () => {
    isReachable = true;
    log.info(`connected to the store of ${purpose}`);
  });
  // Emitted for every failed attempt to connect.
  redis.on('error', (err) => {
    if (isReachable === false) return;
    isReachable = false;
    log.warn({ err }, `the store of ${purpose} is unreachable; ${fallback}`);
  });
  return redis;
}
