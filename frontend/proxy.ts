import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';
import { mockCookies } from './app/lib/auth/mock.ts';
import { runningAuth } from './app/lib/auth/running.ts';
import { readConfig } from './app/lib/config.ts';
import { pageHeaders } from './app/lib/security-policy.ts';

const NONCE_BYTES = 16;

/** Pages only. Files and routes are not documents; next.config.ts sets their headers. */
export const config = {
  matcher: [
    '/((?!api/auth/|healthz$|_next/static/|favicon\\.ico$|icon\\.svg$|manifest\\.webmanifest$|service-worker\\.js$).*)',
  ],
};

/**
 * Sets a Content-Security-Policy with a new nonce for every page. It is set in the request as well, because Next.js takes the nonce
 * for its scripts from there.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const settings = readConfig();
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const added = pageHeaders(nonce, settings);
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', added['Content-Security-Policy'] ?? '');

  const redirect = settings.mock ? await signInSampleUser(request) : undefined;
  const response = redirect ?? NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(added)) response.headers.set(name, value);
  return response;
}

/** In the mock: creates a session for a visitor without one, and redirects to the same page. */
async function signInSampleUser(request: NextRequest): Promise<NextResponse | undefined> {
  const auth = runningAuth();
  if (await auth.api.getSession({ headers: request.headers })) return undefined;
  const response = NextResponse.redirect(request.nextUrl);
  for (const cookie of await mockCookies(auth)) response.headers.append('Set-Cookie', cookie);
  return response;
}
