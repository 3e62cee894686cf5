import { useQueries, type UseQueryResult } from '@tanstack/react-query';
import { isTasksError, type TaskPage } from '@tasks-api/client';
import { useCallback, useMemo, useState } from 'react';
import { useStore } from '../store.ts';
import type { Cursor } from './list-pages.ts';
import { useTasksModel } from './provider.ts';
import { rowsOf, type Fetched, type Row } from './rows.ts';
import { viewQuery, type View } from './view.ts';

/** A list as components show it. */
export interface TaskList {
  /** Tasks and unsent tasks in their order, with pending changes applied. */
  readonly tasks: readonly Row[];
  /** `success` from the first response on, even if later requests fail. */
  readonly status: 'pending' | 'error' | 'success';
  /** The error of the last request for a page in view or for the next page. */
  readonly error: Error | null;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** Fetches the next page. */
  readonly loadMore: () => void;
  /** Repeats the request that failed. */
  readonly retry: () => void;
  /** Sets the first and the last row in view. Only their pages, and those between them, are kept up to date. */
  readonly setInView: (first: Row | undefined, last: Row | undefined) => void;
}

const FIRST_PAGE = { from: 0, to: 0 };

/** The indexes of the pages of a list that are in view. */
type PagesInView = typeof FIRST_PAGE & { readonly list?: string };

/** The tasks of a view. */
export function useTaskList(view: View): TaskList {
  const { queries, changes, unsent } = useTasksModel();
  const [pagesInView, setPagesInView] = useState<PagesInView>(FIRST_PAGE);
  // Another list begins with its first page.
  const shownList = viewQuery(view);
  const inView = pagesInView.list === shownList ? pagesInView : FIRST_PAGE;
  const [wanted, setWanted] = useState<Cursor>(null);
  const { cursors, next } = queries.pages(view);
  const isWanted = wanted !== null && wanted === next;
  const { pages, results } = useQueries({
    queries: [...cursors, ...(isWanted ? [wanted] : [])].map((cursor, at) => ({
      ...queries.page(view, cursor),
      enabled: at === cursors.length || (inView.from <= at && at <= inView.to),
    })),
    combine: combinePages,
  });
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  const rows = useMemo(
    () => rowsOf(pages, sources, view, changes.keyOf),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- The view may be another object with the same values.
    [pages, sources.changes, sources.unsent, view.status, view.sort, view.order, changes],
  );
  const setInView = useCallback(
    (first: Row | undefined, last: Row | undefined) => {
      const from = pageIndexOf(pages, first);
      const to = Math.max(from, pageIndexOf(pages, last));
      setPagesInView((now) =>
        now.list === shownList && now.from === from && now.to === to
          ? now
          : { list: shownList, from, to },
      );
    },
    [pages, shownList],
  );

  const [first] = results;
  const failed = results.find(({ error }) => error !== null);
  return {
    tasks: rows,
    status: pages.length > 0 ? 'success' : (first?.status ?? 'pending'),
    error: failed?.error ?? null,
    isFetching: results.some(({ isFetching }) => isFetching),
    hasMore: next !== null,
    loadingMore: isWanted && (results.at(-1)?.isFetching ?? false),
    loadMore() {
      setWanted(next);
    },
    retry() {
      // An invalid cursor needs new cursors, from the first page on.
      if (isTasksError(failed?.error) && failed.error.code === 'invalid-cursor')
        void queries.restart(view);
      else void failed?.refetch();
    },
    setInView,
  };
}

/** The pages that are cached, and the states of all. A constant function, so that the pages stay the same while their data does. */
function combinePages(results: UseQueryResult<Fetched<TaskPage>>[]) {
  return {
    pages: results.flatMap(({ data }) => data ?? []),
    results: results.map(({ status, error, isFetching, refetch }) => {
      return { status, error, isFetching, refetch };
    }),
  };
}

/** The index of a row's page; 0 for rows that are not on a page yet. */
function pageIndexOf(pages: readonly Fetched<TaskPage>[], row: Row | undefined): number {
  if (row?.kind !== 'task') return 0;
  return Math.max(
    0,
    pages.findIndex(({ items }) => items.some(({ id }) => id === row.task.id)),
  );
}
