import { createTasksClient } from '@tasks-api/client';
import { APIError } from 'better-auth/api';
import { log } from '../log.ts';

const TRY_MS = 4000;
const ALL_MS = 10_000;

/**
 * Deletes everything that the service stores about a user, within ten seconds.
 *
 * @param serviceUrl where this server finds the service
 * @param token the user's own
 * @throws {APIError} 503 `TASKS_NOT_DELETED`, when it is not known to be done; it may be asked for again
 */
export async function deleteTasks(serviceUrl: string, token: string): Promise<void> {
  const client = createTasksClient({
    baseUrl: serviceUrl,
    token: () => token,
    timeout: TRY_MS,
    retries: 1,
  });
  try {
    await client.deleteCurrentUser({ signal: AbortSignal.timeout(ALL_MS) });
  } catch (error) {
    log('error', 'the service did not delete the tasks of a user', error);
    throw new APIError('SERVICE_UNAVAILABLE', {
      code: 'TASKS_NOT_DELETED',
      message: 'The tasks could not be deleted, so the account is still there',
    });
  }
}
