import type { TokenSource } from './token.ts';

export type ApiFetch = (endpoint: string | URL, options?: RequestInit) => Promise<Response>;

export interface ApiFetchOptions {
  /** The service's base URL, such as `https://tasks.example.com`, or a path of the page's own origin. */
  readonly serviceUrl: string;
  /** The URL of the page, to resolve relative URLs. */
  readonly pageUrl: string;
  readonly tokens: TokenSource;
  readonly fetch: typeof fetch;
}

/** Paths with this prefix need a token. */
const AUTHENTICATED = '/api/';

/**
 * Creates a `fetch` for the service that sends the user's token. If the service rejects the token, it retries once with a new one.
 * It takes a path of the service or an absolute URL.
 *
 * The promises of the returned function reject with a {@link SessionEndedError} if the session has ended; with a `TypeError` for a
 * URL outside the service, so that the token is not sent elsewhere; and with the errors of `fetch`.
 */
export function createApiFetch({ serviceUrl, pageUrl, tokens, fetch }: ApiFetchOptions): ApiFetch {
  const service = new URL(serviceUrl, pageUrl);
  const root = service.pathname.replace(/\/+$/, '');

  const resolve = (endpoint: string | URL): URL => {
    const isPath = typeof endpoint === 'string' && endpoint.startsWith('/');
    const url = new URL(isPath ? `${service.origin}${root}${endpoint}` : endpoint);
    const isInside = url.origin === service.origin && url.pathname.startsWith(`${root}/`);
    if (!isInside) throw new TypeError(`Not a URL of the service: ${url.origin}`);
    return url;
  };

  return async (endpoint, options = {}) => {
    const url = resolve(endpoint);
    const init: RequestInit = { redirect: 'error', ...options };
    if (!url.pathname.startsWith(root + AUTHENTICATED)) return fetch(url, init);

    const send = (token: string) => {
      const headers = new Headers(init.headers);
      headers.set('Authorization', `Bearer ${token}`);
      return fetch(url, { ...init, headers });
    };
    const token = await tokens.token();
    const response = await send(token);
    if (response.status !== 401) return response;
    await response.body?.cancel();
    return send(await tokens.renew(token));
  };
}
