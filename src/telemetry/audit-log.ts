import type { Request } from 'express';
import type { Logger } from 'pino';
import '../http/request.ts';
import type { FinishedRequest } from './finished-request.ts';

/** The operations whose success is an audit event. */
const EVENTS_BY_OPERATION: Readonly<Partial<Record<string, string>>> = {
  revokeTokens: 'tokens-revoked',
  deleteCurrentUser: 'user-deleted',
};

/**
 * Logs an `audit` line if a request is a security event: a missing or rejected token, the path of another user, too many
 * requests, the revocation of tokens, the deletion of a user.
 */
export function logAuditEvent(log: Logger, request: Request, finished: FinishedRequest): void {
  const event = eventOf(finished);
  if (event === undefined) return;
  const { id: request_id, caller, problem } = request;
  const { operationId, problemCode: code } = finished;
  log.info(
    { request_id, event, operationId, code, reason: problem?.reason, user_id: caller?.id },
    'audit',
  );
}

function eventOf({ operationId = '', status }: FinishedRequest): string | undefined {
  if (status === 401) return 'token-rejected';
  if (status === 403) return 'access-forbidden';
  if (status === 429) return 'rate-limited';
  return status === 204 ? EVENTS_BY_OPERATION[operationId] : undefined;
}
