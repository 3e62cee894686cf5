import { isTasksError } from '@tasks-api/client';
import { isSessionEnded } from '../api/session-ended-error.ts';
import { authMessage, isAuthError } from './auth-messages.ts';
import {
  isOffline,
  OUTDATED,
  SIGN_IN_AGAIN,
  UNEXPECTED,
  unreachableMessage,
  type ErrorMessage,
} from './error-message.ts';
import { tasksMessage } from './tasks-messages.ts';

/** The message for any caught error: of the tasks client, of Better Auth's client (returned or thrown), of `fetch`, or unknown. */
export function messageOf(error: unknown): ErrorMessage {
  if (isSessionEnded(error)) return SIGN_IN_AGAIN;
  if (isTasksError(error)) return tasksMessage(error);
  if (isAuthError(error)) return authMessage(error);
  // A chunk that is missing while the browser is online belongs to an older build.
  if (isChunkLoadError(error)) return isOffline() ? unreachableMessage() : OUTDATED;
  return isFetchFailure(error) ? unreachableMessage() : UNEXPECTED;
}

/** Whether it is what `import()` rejects with when the code cannot be fetched. */
function isChunkLoadError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ChunkLoadError';
}

/** Whether it is what `fetch` rejects with when there is no response, or no response before the timeout. */
function isFetchFailure(error: unknown): boolean {
  return error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError');
}
