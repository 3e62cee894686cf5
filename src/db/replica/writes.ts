/** The position of a write whose position is not known yet. */
export const UNKNOWN = Infinity;

/** The positions of the last write of each user in the log of the primary. */
export interface Writes {
  /** Called after a write, before its response. */
  add(userId: string): Promise<void> | void;
  /** The position of the last write of a user, or `UNKNOWN`; 0 if the user has not written, or the write was removed. */
  positionOf(userId: string): Promise<number> | number;
  /**
   * Finds out the position of the writes that were added before.
   *
   * @param readPosition returns the end of the log
   */
  locate(readPosition: () => Promise<number>): Promise<unknown>;
  /** Removes the writes up to a position. */
  removeUntil: (position: number) => void;
  close(): void;
}

/** The writes of one process. */
interface LocalWrites extends Writes {
  add(userId: string): void;
  positionOf(userId: string): number;
  /** @returns the position, and the users whose last write is before it */
  locate(readPosition: () => Promise<number>): Promise<Located>;
}

interface Located {
  readonly position: number;
  readonly users: readonly string[];
}

export function createLocalWrites(): LocalWrites {
  const positions = new Map<string, number>();
  /** The users who have written since the end of the log was read. */
  let unlocated = new Set<string>();
  return {
    add(userId) {
      positions.set(userId, UNKNOWN);
      unlocated.add(userId);
    },
    positionOf: (userId) => positions.get(userId) ?? 0,
    async locate(readPosition) {
      const written = unlocated;
      unlocated = new Set();
      try {
        const position = await readPosition();
        // Users who have written again in the meantime may have done so after the position.
        const users = [...written].filter((userId) => !unlocated.has(userId));
        for (const userId of users) positions.set(userId, position);
        return { position, users };
      } catch (error) {
        for (const userId of written) unlocated.add(userId);
        throw error;
      }
    },
    removeUntil(position) {
      for (const [userId, written] of positions) if (written <= position) positions.delete(userId);
    },
    close: () => undefined,
  };
}
