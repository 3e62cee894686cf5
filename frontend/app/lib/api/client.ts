import { createApiFetch, type ApiFetch } from './api-fetch.ts';
import { createServiceClient } from './service-client.ts';
import { signInPath } from '../auth/return-path.ts';
import { createTokenSource } from './token.ts';

let send: ApiFetch | undefined;
let leaving = false;

/** Leads to the sign-in, and from there back to where one is; once, however many calls find out that the session is over. */
export function leaveForSignIn(): void {
  if (leaving) return;
  leaving = true;
  const { pathname, search, hash } = window.location;
  // No way back to a page that can do nothing.
  window.location.replace(signInPath(pathname + search + hash));
}

const fetchNow: typeof fetch = (...request) => globalThis.fetch(...request);
const tokens = createTokenSource({
  fetch: fetchNow,
  now: () => Date.now(),
  onSessionOver: leaveForSignIn,
});

/**
 * A `fetch` to the service, with the token of whoever is signed in; see {@link createApiFetch}. For the browser, after
 * {@link configureApi}.
 */
export const apiFetch: ApiFetch = async (endpoint, options) => {
  if (!send) throw new Error('The address of the service is not known: call configureApi first');
  return send(endpoint, options);
};

/** The client of the service. For the browser, after {@link configureApi}. */
export const tasksClient = createServiceClient({ baseUrl: '', apiFetch, tokens });

/**
 * Says where the service is: `https://tasks.example.com`, or `/` for the page's own origin. On the server it does nothing,
 * since nothing is called from there.
 */
export function configureApi({ serviceUrl }: { readonly serviceUrl: string }): void {
  if (typeof window === 'undefined') return;
  tasksClient.http.setConfig({ baseUrl: serviceUrl.replace(/\/+$/, '') });
  send = createApiFetch({ serviceUrl, pageUrl: window.location.href, tokens, fetch: fetchNow });
}

/** Takes tokens of this user only, from now on. On the server it does nothing. */
export function beginSession(userId: string): void {
  if (typeof window === 'undefined') return;
  leaving = false;
  tokens.begin(userId);
}

/** Forgets the token. Calls fail from now on, without leading anywhere: whoever signs out knows where to go. */
export function forgetToken(): void {
  leaving = true;
  tokens.end();
}
