import { queryOptions, type Query, type QueryClient } from '@tanstack/react-query';
import type { Task, TaskCounts, TaskPage, TasksClient, Versioned } from '@tasks-api/client';
import { continueList, pagesOf, type Cursor } from './list-pages.ts';
import type { OptimisticChanges } from './optimistic-changes.ts';
import type { Fetched } from './rows.ts';
import type { View } from './view.ts';

/** The largest page of the contract: a list of 5,000 tasks has 50 of them. */
const PAGE_SIZE = 100;
/** How old what is shown may be, so that changes by other devices are visible within 30 seconds. */
const MAX_AGE_MS = 25_000;

/** What is shown is fetched again when it is shown after this time, and in this interval while the page is visible. */
const KEPT_FRESH = { staleTime: MAX_AGE_MS, refetchInterval: MAX_AGE_MS } as const;

export type TaskQueries = ReturnType<typeof createTaskQueries>;

interface Options {
  readonly userId: string;
  readonly client: TasksClient;
  readonly queryClient: QueryClient;
  readonly changes: OptimisticChanges;
  /** Settles when the responses that this browser has saved are in the cache. */
  readonly restored: () => Promise<unknown>;
}

/**
 * Creates the queries for a user's tasks. Each response is stored with its request time, for the optimistic changes. Each page of a
 * list is a query of its own, so that a list of any length costs only requests for the pages that are in view.
 */
export function createTaskQueries({ userId, client, queryClient, changes, restored }: Options) {
  const key = ['tasks', userId] as const;
  const shown = [...key, 'shown'] as const;
  const lists = [...shown, 'list'] as const;
  const counts = [...shown, 'counts'] as const;

  const timed = async <Body>(call: () => Promise<Body>): Promise<Fetched<Body>> => {
    await restored();
    const requestedAt = changes.tick();
    return { ...(await call()), requestedAt };
  };
  const pageKey = (view: View, cursor: Cursor) => [...lists, view, cursor] as const;
  const cachedPage = (view: View, cursor: Cursor) =>
    queryClient.getQueryData<Fetched<TaskPage>>(pageKey(view, cursor));

  /** Waits until this page's own changes of a task have been made or have failed. */
  const ownChanges = (id: string) =>
    new Promise<void>((resolve) => {
      const check = () => {
        const isPending = changes
          .get()
          .some((change) => change.before.id === id && change.confirmedAt === undefined);
        if (isPending) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = changes.subscribe(check);
      check();
    });
  const version = async (id: string, signal?: AbortSignal): Promise<Versioned<Task>> => {
    await ownChanges(id);
    return client.getTask({ path: { id }, ...(signal && { signal }) });
  };

  /** Removes the changes that all cached responses include. */
  const prune = () => {
    if (queryClient.isFetching({ queryKey: shown }) > 0) return;
    const responses = queryClient.getQueriesData<Fetched<unknown>>({ queryKey: shown });
    changes.prune(Math.min(...responses.map(([, data]) => data?.requestedAt ?? Infinity)));
  };

  /** Pending first fetches, which a refetch would not restart. */
  const firstFetches = () =>
    queryClient
      .getQueryCache()
      .findAll({ queryKey: shown, fetchStatus: 'fetching' })
      .filter(({ state }) => state.data === undefined);

  /** Refetches the pages in view, one after another: where a page ends decides which tasks the next one has. */
  const refetchPages = async () => {
    const tried = new Set<Query>();
    const next = () =>
      queryClient
        .getQueryCache()
        .findAll({ queryKey: lists, type: 'active', stale: true })
        .find((query) => !tried.has(query));
    for (let query = next(); query; query = next()) {
      tried.add(query);
      await queryClient.refetchQueries({ queryKey: query.queryKey, exact: true });
    }
  };

  /** The scheduled refetch. All calls share it until those fetches have finished. */
  let scheduled: { withCounts: boolean; readonly done: Promise<void> } | undefined;
  const refetchLater = async () => {
    do await Promise.allSettled(firstFetches().map(async ({ promise }) => promise));
    while (firstFetches().length > 0);
    const { withCounts = true } = scheduled ?? {};
    scheduled = undefined;
    await queryClient.invalidateQueries({ queryKey: shown, refetchType: 'none' });
    await Promise.all([
      withCounts && queryClient.refetchQueries({ queryKey: counts, type: 'active' }),
      refetchPages(),
    ]);
    prune();
  };

  return {
    /** The prefix of all query keys of the user. */
    key,
    /** Whether counts are being fetched, which may or may not include a change that is confirmed now. */
    isCounting: () => queryClient.isFetching({ queryKey: counts }) > 0,
    /** The prefix of the keys of the lists and counts. */
    shown,
    /** The prefix of the keys of the lists. */
    lists,
    /** A page of a list. The cursor of the first page is null. */
    page: (view: View, cursor: Cursor) =>
      queryOptions({
        queryKey: pageKey(view, cursor),
        async queryFn({ signal }): Promise<Fetched<TaskPage>> {
          const page = await timed(() =>
            client.listTasks({
              query: { ...view, limit: PAGE_SIZE, ...(cursor !== null && { cursor }) },
              signal,
            }),
          );
          continueList(page, {
            before: cachedPage(view, cursor),
            pageAt: (at) => cachedPage(view, at),
            setPage(at, next) {
              queryClient.setQueryData(pageKey(view, at), next, { updatedAt: 0 });
            },
          });
          // The mock server's example page has itself as the next page.
          return page.next_cursor === cursor ? { ...page, next_cursor: null } : page;
        },
        ...KEPT_FRESH,
      }),
    /** The cursors of the cached pages of a list, from the first page on, and of the page after them. */
    pages: (view: View) => pagesOf((cursor) => cachedPage(view, cursor)),
    /** Fetches a list from its first page on, for example after a cursor has become invalid. */
    async restart(view: View): Promise<void> {
      const queryKey = pageKey(view, null);
      queryClient.removeQueries({
        queryKey: [...lists, view],
        predicate: (query) => query.queryKey.at(-1) !== null,
      });
      await queryClient.resetQueries({ queryKey, exact: true });
    },
    counts: () =>
      queryOptions({
        queryKey: counts,
        queryFn: ({ signal }): Promise<Fetched<TaskCounts>> =>
          timed(() => client.countTasks({ signal })),
        ...KEPT_FRESH,
      }),
    /** Fetches a task with its ETag, which this page's own pending changes of the task do not make out of date. */
    version,
    /** A task with its ETag, as it was when editing began. It is never refetched, so that a concurrent change is a conflict. */
    forEdit: (id: string) =>
      queryOptions({
        queryKey: [...key, 'edit', id] as const,
        queryFn: ({ signal }) => version(id, signal),
        staleTime: 'static',
        gcTime: 0,
      }),
    /**
     * Refetches the pages and counts that are shown, and marks all other cached ones as stale.
     *
     * @param withCounts false after a change by this tab, whose effect on the counts is known
     */
    refetch(withCounts = true): Promise<void> {
      if (scheduled) scheduled.withCounts ||= withCounts;
      else scheduled = { withCounts, done: refetchLater() };
      return scheduled.done;
    },
  };
}
