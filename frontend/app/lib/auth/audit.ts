import { APIError, getIP } from 'better-auth/api';
import type { BetterAuthOptions } from 'better-auth';
import { logAudit } from '../log.ts';

/** The events of successful requests. */
const EVENTS: Readonly<Partial<Record<string, string>>> = {
  '/sign-in/email': 'sign-in-succeeded',
  '/sign-up/email': 'signed-up',
  '/change-password': 'password-changed',
  '/revoke-session': 'sessions-revoked',
  '/revoke-other-sessions': 'sessions-revoked',
  '/delete-user': 'account-deleted',
};

/** What Better Auth passes to a hook after a request. */
export interface HandledRequest {
  readonly path: string;
  /** Undefined for a call without a request, as in the mock. */
  readonly request?: Request | undefined;
  readonly context: {
    readonly options: BetterAuthOptions;
    readonly returned?: unknown;
    readonly session: UserSession | null;
    readonly newSession: UserSession | null;
  };
}

interface UserSession {
  readonly user: { readonly id: string };
}

/** Logs the security event that a request is: a sign-in or its failure, a new account, or a change of its password or sessions. */
export function auditRequest({ path, request, context }: HandledRequest): void {
  if (!request) return;
  const { options, returned, session, newSession } = context;
  const error = returned instanceof APIError ? returned : undefined;
  const event = error ? failureEvent(path) : EVENTS[path];
  if (event === undefined) return;
  const user_id = (newSession ?? session)?.user.id;
  logAudit({ event, path, code: error?.body?.code, user_id, ...clientOf(request, options) });
}

/** Logs that a client has sent too many requests. */
export function auditRateLimit(path: string, request: Request, options: BetterAuthOptions): void {
  logAudit({ event: 'rate-limited', path, ...clientOf(request, options) });
}

/** Logs that a page of another origin has sent a request. */
export function auditOrigin(path: string, request: Request, options: BetterAuthOptions): void {
  const origin = request.headers.get('Origin') ?? undefined;
  logAudit({ event: 'origin-rejected', path, origin, ...clientOf(request, options) });
}

const failureEvent = (path: string) => (path === '/sign-in/email' ? 'sign-in-failed' : undefined);

/** The address that counts for rate limits as well. */
const clientOf = (request: Request, options: BetterAuthOptions) => ({
  client_address: getIP(request, options) ?? undefined,
});
