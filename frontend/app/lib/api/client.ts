import { BASE_PATH } from '../base-path.ts';
import { leavePage, signInPath, type SignInReason } from '../navigation.ts';
import { createApiFetch, type ApiFetch } from './api-fetch.ts';
import { createServiceClient } from './service-client.ts';
import { createTokenSource } from './token.ts';

let send: ApiFetch | undefined;
let redirecting = false;

/** Redirects to the sign-in page, which returns to the current page. Only the first of several calls has an effect. */
export function redirectToSignIn(reason: SignInReason = 'session-ended'): void {
  if (redirecting) return;
  redirecting = true;
  const { pathname, search, hash } = window.location;
  // The back button must not lead to this page, where all calls would fail.
  const path = pathname.slice(BASE_PATH.length) + search + hash;
  void leavePage(signInPath(path, reason));
}

const fetchNow: typeof fetch = (...request) => globalThis.fetch(...request);
const tokens = createTokenSource({
  fetch: fetchNow,
  now: () => Date.now(),
  onSessionEnded: redirectToSignIn,
});

/** A `fetch` for the service with the user's token; see {@link createApiFetch}. For the browser, after {@link configureApi}. */
export const apiFetch: ApiFetch = async (endpoint, options) => {
  if (!send) throw new Error('The URL of the service is not set: call configureApi first');
  return send(endpoint, options);
};

/** The client of the service. For the browser, after {@link configureApi}. */
export const tasksClient = createServiceClient({ baseUrl: '', apiFetch, tokens });

/**
 * Sets the service's base URL: `https://tasks.example.com`, or or a path of the page's own origin. On the server it has no effect, because
 * the server renders no data of the service.
 */
export function configureApi({ serviceUrl }: { readonly serviceUrl: string }): void {
  if (typeof window === 'undefined') return;
  const { href } = new URL(serviceUrl, window.location.href);
  tasksClient.http.setConfig({ baseUrl: href.replace(/\/+$/, '') });
  send = createApiFetch({ serviceUrl, pageUrl: window.location.href, tokens, fetch: fetchNow });
}

/** Accepts only tokens of this user from now on. On the server it has no effect. */
export function beginSession(userId: string): void {
  if (typeof window === 'undefined') return;
  redirecting = false;
  tokens.begin(userId);
}

/** Clears the cached token, because it was revoked. The next call gets a new one. */
export function forgetToken(): void {
  tokens.forget();
}

/**
 * Runs `signOut`, which ends the session at the server. Calls wait for its outcome. After the end they fail without a redirect,
 * because the caller of this leaves the page.
 *
 * @throws the error of `signOut`; then the session continues
 */
export async function endSession(signOut: () => Promise<unknown>): Promise<void> {
  await tokens.endBy(signOut);
  redirecting = true;
}
