import type { FinishedRequest } from './finished-request.ts';

/** The operations whose success is an audit event. */
const EVENTS_BY_OPERATION: Readonly<Partial<Record<string, string>>> = {
  revokeTokens: 'tokens-revoked',
  deleteCurrentUser: 'user-deleted',
};

/**
 * The name of the security event that a request is, for a log line of its own kind: a rejected token, the path of another user,
 * too many requests, the revocation of tokens, the deletion of a user. Undefined for all other requests.
 */
export function auditEvent({ operationId = '', status }: FinishedRequest): string | undefined {
  if (status === 401) return 'token-rejected';
  if (status === 403) return 'access-forbidden';
  if (status === 429) return 'rate-limited';
  return status === 204 ? EVENTS_BY_OPERATION[operationId] : undefined;
}
