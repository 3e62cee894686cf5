import type { TasksClient } from '@tasks-api/client';
import { APIError } from 'better-auth/api';
import { log } from '../log.ts';
import type { HandledRequest } from './audit.ts';
import { revokeTokens } from './service.ts';

const TIMEOUT_MS = 10_000;
/** The requests after which tokens of the user's other sessions must no longer work. */
const ENDING_PATHS = ['/change-password', '/revoke-other-sessions', '/revoke-session'];

/**
 * Revokes the user's tokens in the service after a request that ends sessions. Sessions that have not ended get new tokens.
 *
 * @throws {APIError} 503 `TOKENS_NOT_REVOKED` if that fails, although Better Auth's part is done
 */
export async function endTokens(
  { path, context: { session, returned } }: HandledRequest,
  clientOf: (userId: string) => TasksClient,
): Promise<void> {
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
}
