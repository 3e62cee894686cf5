import { createApiFetch, type ApiFetch } from './api-fetch.ts';
import { createServiceClient } from './service-client.ts';
import { tokens } from './session.ts';

let send: ApiFetch | undefined;

/** A `fetch` for the service with the user's token; see {@link createApiFetch}. For the browser, after {@link configureApi}. */
export const apiFetch: ApiFetch = async (endpoint, options) => {
  if (!send) throw new Error('The URL of the service is not set: call configureApi first');
  return send(endpoint, options);
};

/** The client of the service. For the browser, after {@link configureApi}. */
export const tasksClient = createServiceClient({ baseUrl: '', apiFetch, tokens });

/**
 * Sets the service's base URL: `https://tasks.example.com`, or a path of the page's own origin. On the server it has no effect, because
 * the server renders no data of the service.
 */
export function configureApi({ serviceUrl }: { readonly serviceUrl: string }): void {
  if (typeof window === 'undefined') return;
  const { href } = new URL(serviceUrl, window.location.href);
  tasksClient.http.setConfig({ baseUrl: href.replace(/\/+$/, '') });
  const pageUrl = window.location.href;
  send = createApiFetch({
    serviceUrl,
    pageUrl,
    tokens,
    fetch: (...request) => globalThis.fetch(...request),
  });
}
