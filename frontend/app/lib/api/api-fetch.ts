import { SessionOverError } from './session-over.ts';
import type { TokenSource } from './token.ts';

export type ApiFetch = (endpoint: string | URL, options?: RequestInit) => Promise<Response>;

export interface ApiFetchOptions {
  /** Where the service is, such as `https://tasks.example.com`; `/` for the page's own origin. */
  readonly serviceUrl: string;
  /** The page's own address, for what is relative. */
  readonly pageUrl: string;
  readonly tokens: TokenSource;
  readonly fetch: typeof fetch;
}

/** Below this path everything is somebody's, and needs a token. */
const SECURED = '/api/';

/**
 * Makes a `fetch` that goes to the service, and nowhere else, with the token of whoever is signed in: a fresh one, and
 * once more with another when the service refuses it. It takes a path of the service, or a whole address.
 *
 * The promises of what it makes reject with a {@link SessionOverError} when there is no token to be had; with a
 * `TypeError` for an address elsewhere, so that no token leaves; and with what `fetch` rejects with.
 */
export function createApiFetch({ serviceUrl, pageUrl, tokens, fetch }: ApiFetchOptions): ApiFetch {
  const service = new URL(serviceUrl, pageUrl);
  const root = service.pathname.replace(/\/+$/, '');

  const addressOf = (endpoint: string | URL): URL => {
    const path = typeof endpoint === 'string' && endpoint.startsWith('/');
    const url = new URL(path ? `${service.origin}${root}${endpoint}` : endpoint);
    const within = url.origin === service.origin && url.pathname.startsWith(`${root}/`);
    if (!within) throw new TypeError(`Not an address of the service: ${url.origin}`);
    return url;
  };

  return async (endpoint, options = {}) => {
    const url = addressOf(endpoint);
    const init: RequestInit = { redirect: 'error', ...options };
    if (!url.pathname.startsWith(root + SECURED)) return fetch(url, init);

    const send = (token: string) => {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    };
    const token = await tokens.token();
    const response = await send(token);
    // A body that is read as it is sent cannot be sent again.
    if (response.status !== 401 || init.body instanceof ReadableStream) return response;
    await response.body?.cancel();
    return send(await tokens.renew(token));
  };
}

/** Whether an error says that the session is over, also when something has wrapped it. */
export function isSessionOver(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof SessionOverError) return true;
  }
  return false;
}
