import { log } from '../log.ts';
import { readBounded } from './bounded-body.ts';
import { pingDatabase, runningAuth } from './running.ts';

/** Names, emails and passwords: nothing that people send is larger. */
const MAX_BYTES = 16 * 1024;
const RETRY_SECONDS = '2';
const BASE = '/api/auth';
/** What the application uses. Better Auth has more, such as links out of letters that are never sent. */
const OPEN_PATHS = new Set([
  '/change-password',
  '/delete-user',
  '/get-session',
  '/jwks',
  '/list-sessions',
  '/revoke-other-sessions',
  '/revoke-session',
  '/sign-in/email',
  '/sign-out',
  '/sign-up/email',
  '/token',
]);

/**
 * Answers a request to Better Auth. Beyond its own errors, and in their form: 404 `NOT_FOUND`, 413 `PAYLOAD_TOO_LARGE`,
 * 429 `TOO_MANY_REQUESTS` and 503 `UNAVAILABLE`, both with `Retry-After`, and 500 `INTERNAL_SERVER_ERROR`.
 */
export async function answerAuth(request: Request): Promise<Response> {
  if (!OPEN_PATHS.has(new URL(request.url).pathname.replace(BASE, '')))
    return refusal(404, 'NOT_FOUND', 'There is nothing here');
  const bounded = await readBounded(request, MAX_BYTES);
  if (!bounded) return refusal(413, 'PAYLOAD_TOO_LARGE', 'The request is too large');
  try {
    const response = await runningAuth().handler(bounded);
    if (response.status === 401) await lookForSession(request);
    if (response.status === 429) return tooManyRequests(response);
    if (!response.headers.has('Cache-Control')) response.headers.set('Cache-Control', 'no-store');
    return response;
  } catch (error) {
    log('error', 'a request to Better Auth failed', error);
    if (!(await isDatabaseThere())) return unavailable();
    return refusal(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong here');
  }
}

/**
 * Better Auth calls a session over when it cannot be read; asked in this way it says what is wrong.
 *
 * @throws when the session cannot be read
 */
async function lookForSession({ headers }: Request): Promise<void> {
  await runningAuth().api.getSession({ headers, query: { disableRefresh: true } });
}

async function isDatabaseThere(): Promise<boolean> {
  return pingDatabase().then(
    () => true,
    () => false,
  );
}

function unavailable(): Response {
  return refusal(503, 'UNAVAILABLE', 'Accounts cannot be reached for the moment', RETRY_SECONDS);
}

function tooManyRequests({ headers }: Response): Response {
  const seconds = headers.get('X-Retry-After') ?? RETRY_SECONDS;
  return refusal(429, 'TOO_MANY_REQUESTS', `Try again in ${seconds} s`, seconds);
}

function refusal(status: number, code: string, message: string, retryAfter?: string): Response {
  const headers = {
    'Cache-Control': 'no-store',
    ...(retryAfter !== undefined && { 'Retry-After': retryAfter }),
  };
  return Response.json({ code, message }, { status, headers });
}
