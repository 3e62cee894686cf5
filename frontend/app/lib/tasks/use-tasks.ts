import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { isTasksError, type TaskCounts } from '@tasks-api/client';
import { useMemo } from 'react';
import { useStore } from '../store.ts';
import type { ConnectionState } from './connection.ts';
import { useTasksModel } from './provider.ts';
import { countsOf, rowsOf, type Row } from './rows.ts';
import type { UnsentTask } from './unsent-item.ts';
import type { UnsentQueue } from './unsent-queue.ts';
import type { View } from './view.ts';

/** A list as components show it. */
export interface TaskList {
  /** Tasks and unsent tasks in their order, with pending changes applied. */
  readonly tasks: readonly Row[];
  /** `success` from the first response on, even if later requests fail. */
  readonly status: 'pending' | 'error' | 'success';
  /** The error of the last request for the list or its next page. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Fetches the next page. */
  readonly loadMore: () => void;
  /** Repeats the request that failed. */
  readonly retry: () => void;
}

/** The tasks of a view. */
export function useTaskList(view: View): TaskList {
  const { queries, changes, unsent } = useTasksModel();
  const query = useInfiniteQuery(queries.list(view));
  const { data, error, isFetching, isFetchingNextPage, hasNextPage } = query;
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  const rows = useMemo(
    () => rowsOf(data?.pages ?? [], sources, view, changes.keyOf),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- The view may be another object with the same values.
    [data, sources.changes, sources.unsent, view.status, view.sort, view.order, changes],
  );

  const fetchNextPage = () => void query.fetchNextPage({ cancelRefetch: false });
  const refetch = () => void query.refetch();
  return {
    tasks: rows,
    status: data ? 'success' : query.status,
    error,
    isFetching,
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    loadMore() {
      if (isFetchingNextPage) return;
      // The cursor of the next page comes from the pages that are being fetched.
      if (isFetching) void query.refetch({ cancelRefetch: false }).then(fetchNextPage);
      else fetchNextPage();
    },
    retry() {
      // An invalid cursor needs new cursors, from the first page on.
      const restart = isTasksError(error) && error.code === 'invalid-cursor';
      (query.isFetchNextPageError && !restart ? fetchNextPage : refetch)();
    },
  };
}

/** The numbers of tasks with pending changes applied; undefined until they are fetched. */
export function useTaskCounts(): TaskCounts | undefined {
  const { queries, changes, unsent } = useTasksModel();
  const { data } = useQuery(queries.counts());
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  return data && countsOf(data, sources);
}

export interface Unsent extends Pick<UnsentQueue, 'edit' | 'retry' | 'discard'> {
  /** In the order in which they were added. */
  readonly items: readonly UnsentTask[];
}

/** The queue of new tasks that the service has not created yet, and the actions for those that it refused. */
export function useUnsent(): Unsent {
  const { items, edit, retry, discard } = useTasksModel().unsent;
  return { items: useStore(items), edit, retry, discard };
}

/** The state of the connection to the service. */
export function useConnection(): ConnectionState {
  return useStore(useTasksModel().connection);
}
