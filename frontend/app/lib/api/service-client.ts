import { createTasksClient, type TasksClient } from '@tasks-api/client';
import type { ApiFetch } from './api-fetch.ts';
import { isSessionEnded, SessionEndedError } from './session-ended-error.ts';
import type { TokenSource } from './token.ts';

export interface ServiceClientOptions {
  /** Empty for the page's own origin. */
  readonly baseUrl: string;
  readonly apiFetch: ApiFetch;
  readonly tokens: TokenSource;
}

/** Creates a client of the service on top of `apiFetch`. Its methods can also reject with a {@link SessionEndedError}. */
export function createServiceClient({
  baseUrl,
  apiFetch,
  tokens,
}: ServiceClientOptions): TasksClient {
  return createTasksClient({
    baseUrl,
    // `apiFetch` adds the token. The client retries whatever its `fetch` throws as a network error, but not what `token` throws. So
    // when the session has ended, `fetch` returns an expired token's response, and the client then calls `token`.
    token() {
      if (tokens.hasEnded()) throw new SessionEndedError();
      return '';
    },
    async fetch(input, init) {
      try {
        return await apiFetch(input instanceof Request ? input.url : input, init);
      } catch (error) {
        if (!isSessionEnded(error)) throw error;
        return tokenExpired();
      }
    },
  });
}

function tokenExpired(): Response {
  const code = 'token-expired';
  const problem = { type: `urn:tasks-api:problem:${code}`, code, detail: 'The session has ended' };
  return Response.json(problem, { status: 401 });
}
