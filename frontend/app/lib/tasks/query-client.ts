import { QueryClient } from '@tanstack/react-query';

/**
 * Makes the cache of server state, one for each browser page and for each request on the server.
 *
 * The client of the service tries again by itself. Nothing is paused while the browser believes to be offline: calls fail
 * instead, and people are told.
 */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: false,
        networkMode: 'always',
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        refetchOnReconnect: true,
      },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}
