import type { TasksClient } from '@tasks-api/client';
import { APIError } from 'better-auth/api';
import { log } from '../log.ts';
import { revokeTokens } from './service.ts';

const TIMEOUT_MS = 10_000;
/** Less than what remains of the time that the page waits. */
const REPEAT_TIMEOUT_MS = 5000;

/**
 * Revokes the tokens of a user, and deletes everything that the service stores about the user. The timeout is ten seconds.
 *
 * @throws {APIError} 503 `TASKS_NOT_DELETED` if the deletion is not confirmed; it can be repeated
 */
export async function leaveService(client: TasksClient): Promise<void> {
  try {
    await leave(client, TIMEOUT_MS);
  } catch (error) {
    log('error', 'the tasks of a user could not be deleted', error);
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'TASKS_NOT_DELETED',
      message: 'The account was not deleted, because its tasks could not be deleted',
    });
  }
}

/**
 * Repeats {@link leaveService} when the account is deleted, because another browser can have got a token until then. A failure
 * is logged.
 */
export async function leaveServiceAgain(client: TasksClient): Promise<void> {
  await leave(client, REPEAT_TIMEOUT_MS).catch((error: unknown) => {
    log('error', 'the last tokens of a deleted user could not be revoked', error);
  });
}

/** The tokens are revoked first, so that they cannot store the user again. */
async function leave(client: TasksClient, timeoutMs: number): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  await revokeTokens(client, signal);
  await client.deleteCurrentUser({ signal });
}
