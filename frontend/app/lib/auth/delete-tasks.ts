import { createTasksClient } from '@tasks-api/client';
import { APIError } from 'better-auth/api';
import { log } from '../log.ts';

const ATTEMPT_TIMEOUT_MS = 4000;
const TIMEOUT_MS = 10_000;

/**
 * Deletes everything that the service stores about a user. The timeout is ten seconds.
 *
 * @param serviceUrl the service's base URL for this server
 * @param token the user's token
 * @throws {APIError} 503 `TASKS_NOT_DELETED` if the deletion is not confirmed; it can be repeated
 */
export async function deleteTasks(serviceUrl: string, token: string): Promise<void> {
  const client = createTasksClient({
    baseUrl: serviceUrl,
    token: () => token,
    timeout: ATTEMPT_TIMEOUT_MS,
    retries: 1,
  });
  try {
    await client.deleteCurrentUser({ signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    log('error', 'the tasks of a user could not be deleted', error);
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'TASKS_NOT_DELETED',
      message: 'The account was not deleted, because its tasks could not be deleted',
    });
  }
}
