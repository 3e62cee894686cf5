import type { QueryClient } from '@tanstack/react-query';
import type { Task, TasksClient } from '@tasks-api/client';
import type { ApiFetch } from '../api/api-fetch.ts';
import type { SignInReason } from '../navigation.ts';
import type { Notify } from '../notices.ts';
import { thisBrowser, type BrowserParts } from './browser.ts';
import { createConnection, watchCalls, type Connection } from './connection.ts';
import { createDeletions, type Deletions } from './deletions.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createHistory, type History } from './history.ts';
import { createOptimisticChanges, type OptimisticChanges } from './optimistic-changes.ts';
import { createTaskQueries, type TaskQueries } from './queries.ts';
import { createSavedResponses, type SavedResponses } from './saved-responses.ts';
import { createTabs, type Tabs } from './tabs.ts';
import { inputOf } from './task-input.ts';
import { createUnsentQueue, type UnsentQueue } from './unsent-queue.ts';
import { createUnsentStore } from './unsent-store.ts';

/** The tasks of a user in a browser page. */
export interface TasksModel {
  readonly userId: string;
  readonly client: TasksClient;
  readonly queryClient: QueryClient;
  readonly notify: Notify;
  /** The cached responses of the service. */
  readonly queries: TaskQueries;
  /** The changes that the cached responses may not include yet. */
  readonly changes: OptimisticChanges;
  /** What the user can undo. */
  readonly history: History;
  readonly drafts: Drafts;
  readonly unsent: UnsentQueue;
  readonly deletions: Deletions;
  readonly connection: Connection;
  readonly tabs: Tabs;
  readonly saved: SavedResponses;
  /** Shows a change at once and sends it; rolls it back and rejects if that fails. */
  readonly change: (
    before: Task,
    fields: Partial<Task>,
    call: () => Promise<Task>,
  ) => Promise<void>;
  /** Starts to listen to the browser. Returns a function that stops it. */
  readonly start: () => () => void;
}

const PROBE_TIMEOUT_MS = 5_000;

export interface TasksModelOptions {
  readonly userId: string;
  readonly client: TasksClient;
  readonly apiFetch: ApiFetch;
  readonly queryClient: QueryClient;
  readonly notify: Notify;
  readonly redirectToSignIn: (reason?: SignInReason) => void;
  readonly browser?: BrowserParts;
}

/** Creates the tasks of a user. It has no side effects until `start`, so that it can also run on the server. */
export function createTasksModel({
  browser = thisBrowser(),
  ...options
}: TasksModelOptions): TasksModel {
  const { userId, client, apiFetch, queryClient, notify, redirectToSignIn } = options;
  const changes = createOptimisticChanges();
  const queries = createTaskQueries({
    ...{ userId, client, queryClient, changes },
    restored: () => saved.restored(),
  });
  const { shown: key, lists } = queries;
  const saved = createSavedResponses({ userId, queryClient, key, lists, ...browser });
  const mutationKey = [...queries.key, 'change'];
  let refetchCounts = false;
  /**
   * The last pending mutation refetches when it has finished. Refetching earlier could return a state between two mutations. The
   * counts are refetched unless the effect of all changes on them is known.
   */
  const refetch = ({ withCounts }: { readonly withCounts: boolean }) => {
    refetchCounts ||= withCounts;
    if (queryClient.isMutating({ mutationKey }) > 0) return;
    void queries.refetch(refetchCounts);
    refetchCounts = false;
  };
  const refetchAll = () => {
    refetch({ withCounts: true });
  };
  const tabs = createTabs({
    ...{ userId, channel: browser.channel },
    onChanged: refetchAll,
    onSessionEnded: redirectToSignIn,
  });
  // Not a health check: a proxy may not expose it.
  const probe = () => client.countTasks({ timeout: PROBE_TIMEOUT_MS });
  const connection = createConnection({ ...browser, probe });

  /** Runs a mutation. Mutations with the same scope run one after another. */
  const mutate = async <Result>(scope: string, call: () => Promise<Result>): Promise<Result> => {
    const mutations = queryClient.getMutationCache();
    const options = { mutationKey, mutationFn: call, scope: { id: scope } };
    let failed = true;
    try {
      const result = await mutations.build(queryClient, options).execute(undefined);
      failed = false;
      tabs.postChanged();
      return result;
    } finally {
      refetch({ withCounts: failed || queries.isCounting() });
    }
  };

  const isOffline = () => connection.get() === 'offline';
  const history = createHistory({ notify, isOffline });
  const deletions = createDeletions({ client, apiFetch, changes, history, notify, mutate });
  const drafts = createDrafts({ userId, ...browser });
  const unsent = createUnsentQueue({
    userId,
    store: createUnsentStore({ userId, ...browser }),
    canSend: () => !isOffline(),
    now: () => Date.now(),
    locks: browser.locks,
    create: (item, onCreated) =>
      mutate(item.id, async () => {
        const { idempotencyKey, id: key } = item;
        const task = await client.createTask({ body: inputOf(item), idempotencyKey });
        changes.confirm(changes.apply(task, { kind: 'add', key }));
        onCreated();
      }),
  });

  return {
    ...{ userId, client, queryClient, notify, queries, changes, unsent, deletions, connection },
    ...{ tabs, history, drafts, saved },
    change(before, fields, call) {
      const changeId = changes.apply(before, { kind: 'set', fields });
      return mutate(before.id, async () => {
        try {
          changes.confirm(changeId, await call());
        } catch (error) {
          changes.rollBack(changeId);
          throw error;
        }
      });
    },
    start() {
      const { events, isHidden } = browser;
      // On phones this is the last event that is certain. Switching to another tab, which should show the deletion, emits it as well.
      const onVisibilityChange = () => {
        if (isHidden()) deletions.finishOnPageHide();
      };
      events.addEventListener('visibilitychange', onVisibilityChange);
      events.addEventListener('pagehide', deletions.finishOnPageHide);
      const stops = [
        tabs.start(),
        saved.start(),
        watchCalls({ queryClient, key: queries.key, connection }),
        connection.subscribe(() => {
          if (connection.get() !== 'online') return;
          void unsent.resume();
          refetchAll();
        }),
        connection.start(),
        unsent.start(),
        drafts.start(),
      ];
      return () => {
        events.removeEventListener('visibilitychange', onVisibilityChange);
        events.removeEventListener('pagehide', deletions.finishOnPageHide);
        deletions.finishOnPageHide();
        for (const stop of stops) stop();
      };
    },
  };
}
