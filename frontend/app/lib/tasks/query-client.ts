import { QueryClient } from '@tanstack/react-query';

/**
 * Creates the cache of server state: one for each page in the browser, and one for each request on the server.
 *
 * It does not retry, because the tasks client does. While the browser is offline it does not pause calls either: they fail, and the
 * user sees a message.
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
