import {
  infiniteQueryOptions,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from '@tanstack/react-query';
import type { TaskCounts, TaskPage, TasksClient } from '@tasks-api/client';
import type { ChangeLog } from './change-log.ts';
import type { Reading } from './rows.ts';
import type { View } from './view.ts';

const PAGE = 50;

export type Readings = ReturnType<typeof createReadings>;

interface Options {
  readonly userId: string;
  readonly client: TasksClient;
  readonly queryClient: QueryClient;
  readonly changes: ChangeLog;
}

/** Makes the queries of a user's tasks. Each reading notes when it was asked for, so that changes can be put upon it. */
export function createReadings({ userId, client, queryClient, changes }: Options) {
  const key = ['tasks', userId] as const;
  const shown = [...key, 'shown'] as const;
  const lists = [...shown, 'list'] as const;
  const counts = [...shown, 'counts'] as const;

  const askedFor = async <Body>(call: () => Promise<Body>): Promise<Reading<Body>> => {
    const asked = changes.tick();
    return { ...(await call()), asked };
  };

  /** Changes that everything has seen are history. */
  const prune = () => {
    if (queryClient.isFetching({ queryKey: shown }) > 0) return;
    const pages = queryClient
      .getQueriesData<InfiniteData<Reading<TaskPage>>>({ queryKey: lists })
      .flatMap(([, data]) => data?.pages ?? []);
    const count = queryClient.getQueryData<Reading<TaskCounts>>(counts);
    const asked = [...pages, ...(count ? [count] : [])].map((reading) => reading.asked);
    changes.prune(Math.min(...asked));
  };

  /** First readings under way, which are never begun anew, and next pages, for which somebody waits and which would be lost. */
  const awaited = () =>
    queryClient
      .getQueryCache()
      .findAll({ queryKey: shown, fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined || state.fetchMeta?.fetchMore);

  /** What reads again once nothing is awaited; until then all who ask share it. */
  let next: Promise<void> | undefined;
  const readAgain = async () => {
    do await Promise.allSettled(awaited().map(async ({ promise }) => promise));
    while (awaited().length > 0);
    next = undefined;
    await queryClient.invalidateQueries({ queryKey: shown });
    prune();
  };

  return {
    /** What all keys of the user begin with. */
    key,
    list: (view: View) =>
      infiniteQueryOptions({
        queryKey: [...lists, view] as const,
        queryFn: ({ pageParam, signal }) =>
          askedFor(() =>
            client.listTasks({ query: { ...view, limit: PAGE, cursor: pageParam }, signal }),
          ),
        initialPageParam: undefined as string | undefined,
        // A page that leads to itself is a mock server's.
        getNextPageParam: ({ next_cursor }, _pages, cursor) =>
          next_cursor === cursor ? undefined : next_cursor,
      }),
    counts: () =>
      queryOptions({
        queryKey: counts,
        queryFn: ({ signal }) => askedFor(() => client.countTasks({ signal })),
      }),
    /** A task with its entity tag, as it was when its editing began: a newer version must not come in unnoticed. */
    forEdit: (id: string) =>
      queryOptions({
        queryKey: [...key, 'edit', id] as const,
        queryFn: ({ signal }) => client.getTask({ path: { id }, signal }),
        staleTime: 'static',
        gcTime: 0,
      }),
    /** Reads again what is shown, and what was shown when it is shown again. */
    again(): Promise<void> {
      return (next ??= readAgain());
    },
  };
}
