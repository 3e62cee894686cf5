import type { Caller } from '../auth/caller.ts';
import { Problem } from '../errors/problem.ts';

/** The revocations of tokens, by user. In memory, because every request looks its caller up. */
export interface Revocations {
  /** Whether the caller's token was issued before the user's tokens were revoked. */
  isRevoked(caller: Pick<Caller, 'id' | 'issuedAt'>): boolean;
  /**
   * Revokes the tokens of a user.
   *
   * @param issuedBefore in seconds since 1970
   */
  add(userId: string, issuedBefore: number): void;
  /** Removes the revocations of tokens that were issued before a time, in seconds since 1970, because they have expired. */
  removeBefore(time: number): void;
  /** The number of users with a revocation. */
  readonly size: number;
}

/** The error of a request with a revoked token. */
export function revokedToken(): Problem {
  const detail = 'The token was revoked';
  return new Problem('invalid-token', { detail, cause: new Error(detail) });
}

export function createRevocations(): Revocations {
  const issuedBeforeOf = new Map<string, number>();
  return {
    get size() {
      return issuedBeforeOf.size;
    },
    isRevoked({ id, issuedAt }) {
      const issuedBefore = issuedBeforeOf.get(id);
      return issuedBefore !== undefined && issuedAt < issuedBefore;
    },
    removeBefore(time) {
      for (const [userId, issuedBefore] of issuedBeforeOf) {
        if (issuedBefore < time) issuedBeforeOf.delete(userId);
      }
    },
    add(userId, issuedBefore) {
      issuedBeforeOf.set(userId, Math.max(issuedBefore, issuedBeforeOf.get(userId) ?? 0));
    },
  };
}
