import type { QueryClient, QueryKey } from '@tanstack/react-query';
import type { Connection } from './connection.ts';

interface Options {
  readonly queryClient: QueryClient;
  /** What the keys of the calls begin with. */
  readonly key: QueryKey;
  readonly connection: Pick<Connection, 'succeeded' | 'failed'>;
}

/** Tells a connection what becomes of all queries and mutations of a key. Gives what ends that. */
export function watchCalls({ queryClient, key, connection }: Options): () => void {
  const concerns = (other: QueryKey = []) => key.every((part, at) => other[at] === part);
  const tell = (action: { readonly type: string; readonly error?: unknown }) => {
    if (action.type === 'success') connection.succeeded();
    if (action.type === 'error') connection.failed(action.error);
  };
  const stopQueries = queryClient.getQueryCache().subscribe((event) => {
    const queryKey: QueryKey = event.query.queryKey as QueryKey;
    if (event.type === 'updated' && concerns(queryKey)) tell(event.action);
  });
  const stopMutations = queryClient.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && concerns(event.mutation.options.mutationKey))
      tell(event.action);
  });
  return () => {
    stopQueries();
    stopMutations();
  };
}
