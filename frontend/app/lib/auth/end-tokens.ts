import type { TasksClient } from '@tasks-api/client';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import { log } from '../log.ts';
import { revokeTokens } from './service.ts';

const TIMEOUT_MS = 10_000;
/** The requests after which tokens of the user's other sessions must no longer work. */
const ENDING_PATHS = ['/change-password', '/revoke-other-sessions', '/revoke-session'];

/**
 * Revokes the user's tokens in the service after a request that ends sessions. Sessions that have not ended get new tokens. If
 * that fails, the response is 503 `TOKENS_NOT_REVOKED`, although Better Auth's part is done.
 */
export function endTokens(clientOf: (userId: string) => TasksClient) {
  return createAuthMiddleware(async ({ path, context: { session, returned } }) => {
    if (!ENDING_PATHS.includes(path) || !session || returned instanceof APIError) return;
    try {
      await revokeTokens(clientOf(session.user.id), AbortSignal.timeout(TIMEOUT_MS));
    } catch (error) {
      log('error', 'the tokens of a user could not be revoked', error);
      throw new APIError('SERVICE_UNAVAILABLE', {
        code: 'TOKENS_NOT_REVOKED',
        message: 'The change was made, but other devices keep their access for now',
      });
    }
  });
}
