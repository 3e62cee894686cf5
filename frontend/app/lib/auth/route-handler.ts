import { readBounded } from '../../../../src/net/read-bounded.ts';
import { log } from '../log.ts';
import { auditOrigin, auditRateLimit } from './audit.ts';
import { isDatabaseReachable, limitDatabaseWait, runningAuth } from './running.ts';

/** Request bodies contain names, emails and passwords at most. */
const MAX_BYTES = 16 * 1024;
const RETRY_SECONDS = '2';
/** The beginning of the paths here, from which Next.js has removed the path of the application. */
const API_PATH = '/api/auth';
/** The endpoints that the application uses. Better Auth has others, such as those for links in emails, which are not enabled. */
const READ_PATHS = new Set(['/get-session', '/jwks', '/list-sessions', '/token']);
/** Better Auth counts requests with other methods as well: the images of a page could use up attempts to sign in. */
const POST_PATHS = new Set([
  '/change-password',
  '/delete-user',
  '/revoke-other-sessions',
  '/revoke-session',
  '/sign-in/email',
  '/sign-out',
  '/sign-up/email',
]);

/**
 * Handles a request to Better Auth. In addition to Better Auth's errors, and in the same format, it responds with 404 `NOT_FOUND`,
 * 413 `PAYLOAD_TOO_LARGE`, 429 `TOO_MANY_REQUESTS` and 503 `UNAVAILABLE` (both with `Retry-After`), and 500
 * `INTERNAL_SERVER_ERROR`.
 */
export async function handleAuthRequest(request: Request): Promise<Response> {
  const path = pathOf(request);
  const isPost = request.method === 'POST';
  if (!(isPost ? POST_PATHS : READ_PATHS).has(path))
    return errorResponse(404, 'NOT_FOUND', 'Not found');
  if (isPost && (await isFromOtherOrigin(request))) {
    auditOrigin(path, request, runningAuth().options);
    return errorResponse(403, 'INVALID_ORIGIN', 'Invalid origin');
  }
  const bounded = await bufferRequest(request, MAX_BYTES);
  if (!bounded) return errorResponse(413, 'PAYLOAD_TOO_LARGE', 'The request body is too large');
  return limitDatabaseWait(() => respond(bounded));
}

/**
 * Whether a page of another origin sends the request. Better Auth rejects it as well, but counts it before: a page could use up the
 * sign-in attempts of its visitors' IP addresses.
 */
async function isFromOtherOrigin({ headers }: Request): Promise<boolean> {
  const origin = headers.get('Origin');
  // A page of this origin that sends no referrer can have the origin `null`.
  if (origin === null || headers.get('Sec-Fetch-Site') === 'same-origin') return false;
  const context = await runningAuth().$context;
  return !context.isTrustedOrigin(origin);
}

async function respond(request: Request): Promise<Response> {
  try {
    const response = await runningAuth().handler(request);
    if (response.status === 401) await checkSessionReadable(request);
    if (response.status === 429) return tooManyRequests(request, response);
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
    return response;
  } catch (error) {
    log('error', 'a request to Better Auth failed', error);
    if (!(await isDatabaseReachable())) return unavailable();
    return errorResponse(500, 'INTERNAL_SERVER_ERROR', 'Internal server error');
  }
}

/**
 * Checks that a 401 means what it says: Better Auth also returns it if the session could not be read from the database.
 *
 * @throws if the session cannot be read
 */
async function checkSessionReadable({ headers }: Request): Promise<void> {
  await runningAuth().api.getSession({ headers, query: { disableRefresh: true } });
}

function pathOf({ url }: Request): string {
  return new URL(url).pathname.replace(API_PATH, '');
}

function unavailable(): Response {
  return errorResponse(503, 'UNAVAILABLE', 'Accounts are temporarily unavailable', RETRY_SECONDS);
}

function tooManyRequests(request: Request, { headers }: Response): Response {
  auditRateLimit(pathOf(request), request, runningAuth().options);
  const seconds = headers.get('X-Retry-After') ?? RETRY_SECONDS;
  return errorResponse(429, 'TOO_MANY_REQUESTS', `Retry in ${seconds} s`, seconds);
}

function errorResponse(
  status: number,
  code: string,
  message: string,
  retryAfter?: string,
): Response {
  const headers = {
    'Cache-Control': 'no-store',
    ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
  };
  return Response.json({ code, message }, { status, headers });
}

/** Returns the request with its body in memory; undefined if the body is larger than the limit. */
async function bufferRequest(request: Request, maxBytes: number): Promise<Request | undefined> {
  if (!request.body) return request;
  const body = await readBounded(request, maxBytes);
  if (!body) return undefined;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body });
}
