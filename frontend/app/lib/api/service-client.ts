import { createTasksClient, type TasksClient } from '@tasks-api/client';
import { isSessionOver, type ApiFetch } from './api-fetch.ts';
import { SessionOverError } from './session-over.ts';
import type { TokenSource } from './token.ts';

export interface ServiceClientOptions {
  /** Empty for the page's own origin. */
  readonly baseUrl: string;
  readonly apiFetch: ApiFetch;
  readonly tokens: TokenSource;
}

/** Makes a client of the service that calls by `apiFetch`. Its methods also reject with a {@link SessionOverError}. */
export function createServiceClient({
  baseUrl,
  apiFetch,
  tokens,
}: ServiceClientOptions): TasksClient {
  return createTasksClient({
    baseUrl,
    // `apiFetch` brings the token. The client takes all that a `fetch` throws for a fault of the network, and tries again;
    // what `token` throws ends the call at once.
    token() {
      if (tokens.isOver()) throw new SessionOverError();
      return '';
    },
    async fetch(input, init) {
      try {
        return await apiFetch(input instanceof Request ? input.url : input, init);
      } catch (error) {
        if (!isSessionOver(error)) throw error;
        return tokenExpired();
      }
    },
  });
}

/** The reply that makes the client ask for a token. */
function tokenExpired(): Response {
  const code = 'token-expired';
  const problem = { type: `urn:tasks-api:problem:${code}`, code, detail: 'The session is over' };
  return Response.json(problem, { status: 401 });
}
