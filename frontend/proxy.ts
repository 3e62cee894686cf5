import { randomBytes } from 'node:crypto';
import { NextResponse, type NextRequest } from 'next/server';
import { mockCookies } from './app/lib/auth/mock.ts';
import { runningAuth } from './app/lib/auth/running.ts';
import { readConfig } from './app/lib/config.ts';
import { pageHeaders } from './app/lib/security-policy.ts';

const NONCE_BYTES = 16;

/** Pages; files and routes are no documents, and have their headers from next.config.ts. */
export const config = {
  matcher: [
    '/((?!api/auth/|healthz$|_next/static/|favicon\\.ico$|icon\\.svg$|manifest\\.webmanifest$).*)',
  ],
};

/**
 * Gives every page a Content-Security-Policy with a nonce of its own. The request has it as well: there Next finds the
 * nonce for what it renders.
 */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const settings = readConfig();
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const pageOnly = pageHeaders(nonce, settings);
  const headers = new Headers(request.headers);
  headers.set('Content-Security-Policy', pageOnly['Content-Security-Policy'] ?? '');

  const again = settings.mock ? await signedInAgain(request) : undefined;
  const response = again ?? NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(pageOnly)) response.headers.set(name, value);
  return response;
}

/** In the mock, whoever has no session gets one, and is sent to the page again. */
async function signedInAgain(request: NextRequest): Promise<NextResponse | undefined> {
  const auth = runningAuth();
  if (await auth.api.getSession({ headers: request.headers })) return undefined;
  const response = NextResponse.redirect(request.nextUrl);
  for (const cookie of await mockCookies(auth)) response.headers.append('Set-Cookie', cookie);
  return response;
}
