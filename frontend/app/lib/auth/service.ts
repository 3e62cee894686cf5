import { createTasksClient, isTasksError, type TasksClient } from '@tasks-api/client';

const ATTEMPT_TIMEOUT_MS = 4000;

/**
 * Creates a client of the service for this server.
 *
 * @param serviceUrl the service's base URL
 * @param sign returns a new token of the user
 */
export function clientOf(serviceUrl: string, sign: () => Promise<string>): TasksClient {
  return createTasksClient({
    baseUrl: serviceUrl,
    token: sign,
    timeout: ATTEMPT_TIMEOUT_MS,
    retries: 1,
  });
}

/**
 * Revokes all tokens that were issued to the user before now.
 *
 * @throws {TasksError} if that is not confirmed; it can be repeated
 */
export async function revokeTokens(client: TasksClient, signal: AbortSignal): Promise<void> {
  try {
    await client.revokeTokens({ signal });
  } catch (error) {
    // The token was revoked in the meantime: by another call, or by an attempt whose response was lost.
    if (!isTasksError(error) || error.code !== 'invalid-token') throw error;
    await client.revokeTokens({ signal });
  }
}
