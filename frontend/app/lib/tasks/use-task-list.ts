import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { isTasksError, type TaskCounts } from '@tasks-api/client';
import { useMemo } from 'react';
import { useStore } from '../store.ts';
import { useTasksModel } from './context.ts';
import { countsOf, rowsOf, type Row } from './rows.ts';
import type { View } from './view.ts';

/** A list as a component shows it. */
export interface TaskList {
  /** Tasks and unsent additions in their order, changes that are under way included. */
  readonly tasks: readonly Row[];
  /** `success` as soon as there is anything from the service, also when it cannot be reached later on. */
  readonly status: 'pending' | 'error' | 'success';
  /** Why the last reading failed, of the list or of its next page. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Reads the next page. */
  readonly loadMore: () => void;
  /** Does again what failed. */
  readonly retry: () => void;
}

/** The tasks of a view. */
export function useTaskList(view: View): TaskList {
  const { readings, changes, unsent } = useTasksModel();
  const query = useInfiniteQuery(readings.list(view));
  const { data, error, isFetching, isFetchingNextPage, hasNextPage } = query;
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  const rows = useMemo(
    () => rowsOf(data?.pages ?? [], sources, view, changes.keyOf),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- The view may be another object of the same values.
    [data, sources.changes, sources.unsent, view.status, view.sort, view.order, changes],
  );

  const nextPage = () => void query.fetchNextPage({ cancelRefetch: false });
  const again = () => void query.refetch();
  return {
    tasks: rows,
    status: data ? 'success' : query.status,
    error,
    isFetching,
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    loadMore() {
      if (isFetchingNextPage) return;
      // The next page follows the pages of now.
      if (isFetching) void query.refetch({ cancelRefetch: false }).then(nextPage);
      else nextPage();
    },
    retry() {
      // Cursors may have become invalid: the first page makes new ones.
      const restart = isTasksError(error) && error.code === 'invalid-cursor';
      (query.isFetchNextPageError && !restart ? nextPage : again)();
    },
  };
}

/** How many tasks there are, changes that are under way included; undefined while that is not known. */
export function useTaskCounts(): TaskCounts | undefined {
  const { readings, changes, unsent } = useTasksModel();
  const { data } = useQuery(readings.counts());
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  return data && countsOf(data, sources);
}
