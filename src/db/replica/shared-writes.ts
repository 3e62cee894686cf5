import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { connectRedis } from '../../net/redis.ts';
import { createLocalWrites, UNKNOWN, type Writes } from './writes.ts';

/** The time for which a write is stored in addition to the maximum lag. */
const MARGIN_SECONDS = 60;

/**
 * Shares the writes of several processes through a Redis server. Each user has a hash with the position of the last write by each
 * process. It expires when every replica that is used has replayed the write.
 *
 * While Redis is not reachable or rejects writes, users read from the primary.
 *
 * @param maxLag how far a replica that is used may lag, in seconds
 */
export function createSharedWrites(url: string, maxLag: number, log: Logger): Writes {
  const redis = connectRedis(url, log, 'the last writes', 'reading from the primary');
  const local = createLocalWrites();
  const processId = randomUUID();
  const keyOf = (userId: string) => `tasks-api:writes:${userId}`;
  const expiry = maxLag + MARGIN_SECONDS;
  /** Whether Redis accepts writes, as far as is known. One that is full, or a replica, can still be read. */
  let isWritable = true;
  const checkWritable = async () => {
    const response = redis.set('tasks-api:write-check', processId, 'EX', expiry);
    isWritable = await response.then(
      () => true,
      () => false,
    );
  };
  return {
    async add(userId) {
      local.add(userId);
      await redis
        .multi()
        .hset(keyOf(userId), processId, UNKNOWN)
        .expire(keyOf(userId), expiry)
        .exec()
        .catch(() => undefined);
    },
    async positionOf(userId) {
      const own = local.positionOf(userId);
      if (own === UNKNOWN || !isWritable) return UNKNOWN;
      try {
        const others = await redis.hvals(keyOf(userId));
        return Math.max(own, ...others.map(Number));
      } catch {
        return UNKNOWN;
      }
    },
    async locate(readPosition) {
      const checked = checkWritable();
      const { position, users } = await local.locate(readPosition);
      await checked;
      if (users.length === 0) return;
      const batch = redis.pipeline();
      for (const userId of users) {
        // The user may have written in the meantime.
        if (local.positionOf(userId) !== position) continue;
        batch.hset(keyOf(userId), processId, position).expire(keyOf(userId), expiry);
      }
      await batch.exec().catch(() => undefined);
    },
    removeUntil: local.removeUntil,
    close: () => {
      redis.disconnect();
    },
  };
}
