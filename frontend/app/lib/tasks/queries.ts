import {
  infiniteQueryOptions,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import type { TaskCounts, TaskPage, TasksClient } from '@tasks-api/client';
import type { OptimisticChanges } from './optimistic-changes.ts';
import type { Fetched } from './rows.ts';
import type { View } from './view.ts';

const PAGE_SIZE = 50;

export type TaskQueries = ReturnType<typeof createTaskQueries>;

interface Options {
  readonly userId: string;
  readonly client: TasksClient;
  readonly queryClient: QueryClient;
  readonly changes: OptimisticChanges;
}

/** Creates the queries for a user's tasks. Each response is stored with its request time, for the optimistic changes. */
export function createTaskQueries({ userId, client, queryClient, changes }: Options) {
  const key = ['tasks', userId] as const;
  const shown = [...key, 'shown'] as const;
  const lists = [...shown, 'list'] as const;
  const counts = [...shown, 'counts'] as const;

  const timed = async <Body>(call: () => Promise<Body>): Promise<Fetched<Body>> => {
    const requestedAt = changes.tick();
    return { ...(await call()), requestedAt };
  };

  /** Removes the changes that all cached responses include. */
  const prune = () => {
    if (queryClient.isFetching({ queryKey: shown }) > 0) return;
    const pages = queryClient
      .getQueriesData<InfiniteData<Fetched<TaskPage>>>({ queryKey: lists })
      .flatMap(([, data]) => data?.pages ?? []);
    const count = queryClient.getQueryData<Fetched<TaskCounts>>(counts);
    const times = [...pages, ...(count ? [count] : [])].map(({ requestedAt }) => requestedAt);
    changes.prune(Math.min(...times));
  };

  /** Pending first fetches, which invalidating would not restart, and pending next pages, which it would cancel. */
  const mustFinish = () =>
    queryClient
      .getQueryCache()
      .findAll({ queryKey: shown, fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined || state.fetchMeta?.fetchMore);

  /** The scheduled refetch. All calls share it until those fetches have finished. */
  let scheduled: Promise<void> | undefined;
  const refetchLater = async () => {
    do await Promise.allSettled(mustFinish().map(async ({ promise }) => promise));
    while (mustFinish().length > 0);
    scheduled = undefined;
    await queryClient.invalidateQueries({ queryKey: shown });
    prune();
  };

  return {
    /** The prefix of all query keys of the user. */
    key,
    list: (view: View) =>
      infiniteQueryOptions({
        queryKey: [...lists, view] as const,
        queryFn: ({ pageParam, signal }) =>
          timed(() =>
            client.listTasks({ query: { ...view, limit: PAGE_SIZE, cursor: pageParam }, signal }),
          ),
        initialPageParam: undefined as string | undefined,
        // The mock server's example page has itself as the next page.
        getNextPageParam: ({ next_cursor }, _pages, cursor) =>
          next_cursor === cursor ? undefined : next_cursor,
      }),
    counts: () =>
      queryOptions({
        queryKey: counts,
        queryFn: ({ signal }) => timed(() => client.countTasks({ signal })),
      }),
    /** A task with its ETag, as it was when editing began. It is never refetched, so that a concurrent change is a conflict. */
    forEdit: (id: string) =>
      queryOptions({
        queryKey: [...key, 'edit', id] as const,
        queryFn: ({ signal }) => client.getTask({ path: { id }, signal }),
        staleTime: 'static',
        gcTime: 0,
      }),
    /** Refetches the lists and counts that are shown, and marks the other cached ones as stale. */
    refetch(): Promise<void> {
      return (scheduled ??= refetchLater());
    },
  };
}
