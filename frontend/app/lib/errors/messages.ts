import { isTasksError } from '@tasks-api/client';
import { isSessionOver } from '../api/api-fetch.ts';
import { authWords, isAuthError } from './auth-words.ts';
import {
  isOffline,
  OUTDATED,
  SIGN_IN_AGAIN,
  tasksWords,
  UNEXPECTED,
  unreachableWords,
} from './tasks-words.ts';
import type { Words } from './words.ts';

/**
 * Tells an error to people: one of the service's client, one that Better Auth's client gives or throws, one of `fetch`, or
 * whatever else was caught.
 */
export function messageOf(error: unknown): Words {
  if (isSessionOver(error)) return SIGN_IN_AGAIN;
  if (isTasksError(error)) return tasksWords(error);
  if (isAuthError(error)) return authWords(error);
  // With a line, the code is gone because there is newer one.
  if (isMissingCode(error)) return isOffline() ? unreachableWords() : OUTDATED;
  return isUnreachable(error) ? unreachableWords() : UNEXPECTED;
}

/** Whether it is what `import()` rejects with when the code cannot be had. */
function isMissingCode(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChunkLoadError';
}

/** Whether it is what `fetch` rejects with when there is no reply, or none in time. */
function isUnreachable(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
}
