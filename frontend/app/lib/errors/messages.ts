import { isTasksError } from '@tasks-api/client';
import { isSessionOver } from '../api/api-fetch.ts';
import { authWords, isAuthError } from './auth-words.ts';
import { SIGN_IN_AGAIN, tasksWords, UNEXPECTED, unreachableWords } from './tasks-words.ts';
import type { Words } from './words.ts';

/**
 * Tells an error to people: one of the service's client, one that Better Auth's client gives or throws, one of `fetch`, or
 * whatever else was caught.
 */
export function messageOf(error: unknown): Words {
  if (isSessionOver(error)) return SIGN_IN_AGAIN;
  if (isTasksError(error)) return tasksWords(error);
  if (isAuthError(error)) return authWords(error);
  return isUnreachable(error) ? unreachableWords() : UNEXPECTED;
}

/** Whether it is what `fetch` rejects with when there is no reply, or none in time, or `import()` when there is no code. */
function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return error instanceof Error && ['TimeoutError', 'ChunkLoadError'].includes(error.name);
}
