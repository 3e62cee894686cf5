import type { QueryClient } from '@tanstack/react-query';
import type { Task, TasksClient } from '@tasks-api/client';
import type { ApiFetch } from '../api/api-fetch.ts';
import type { Notify } from '../notices.ts';
import { thisBrowser, type BrowserParts } from './browser.ts';
import { createChangeLog, type ChangeLog } from './change-log.ts';
import { createConnection, type Connection } from './connection.ts';
import { createDeletions, type Deletions } from './deletions.ts';
import { createReadings, type Readings } from './readings.ts';
import { createTabs, type Tabs } from './tabs.ts';
import { createUnsentQueue, type UnsentQueue } from './unsent-queue.ts';
import { createUnsentStore } from './unsent-store.ts';
import { watchCalls } from './watch-calls.ts';

/** The tasks of a user, as a browser page knows them. */
export interface TasksModel {
  readonly userId: string;
  readonly client: TasksClient;
  readonly queryClient: QueryClient;
  readonly notify: Notify;
  /** What the service said. */
  readonly readings: Readings;
  /** What it may not have said yet. */
  readonly changes: ChangeLog;
  readonly unsent: UnsentQueue;
  readonly deletions: Deletions;
  readonly connection: Connection;
  readonly tabs: Tabs;
  /** Shows a change at once, and has the service make it; it is gone again when that fails. Rejects with why. */
  readonly change: (
    before: Task,
    fields: Partial<Task>,
    call: () => Promise<Task>,
  ) => Promise<void>;
  /** Begins to listen to the browser; gives what ends that. */
  readonly start: () => () => void;
}

const PROBE_TIMEOUT_MS = 5_000;

export interface TasksModelOptions {
  readonly userId: string;
  readonly client: TasksClient;
  readonly apiFetch: ApiFetch;
  readonly queryClient: QueryClient;
  readonly notify: Notify;
  /** Leads to the sign-in. */
  readonly leave: () => void;
  readonly browser?: BrowserParts;
}

/** Makes the tasks of a user. Nothing happens before `start`, so that a server can make one, too. */
export function createTasksModel({
  browser = thisBrowser(),
  ...options
}: TasksModelOptions): TasksModel {
  const { userId, client, apiFetch, queryClient, notify, leave } = options;
  const changes = createChangeLog();
  const readings = createReadings({ userId, client, queryClient, changes });
  const mutationKey = [...readings.key, 'change'];
  /** What is under way has everything read again when it is done, and might be read half done before. */
  const again = () => {
    if (queryClient.isMutating({ mutationKey }) === 0) void readings.again();
  };
  const tabs = createTabs({
    ...{ userId, channel: browser.channel },
    onChanged: again,
    onSessionOver: leave,
  });
  // As every other call goes: what looks after the service's health may not be seen from outside.
  const probe = () => client.countTasks({ timeout: PROBE_TIMEOUT_MS });
  const connection = createConnection({ ...browser, probe });

  /** Calls that change the same thing go one after another; the last one of all has what is shown read again. */
  const send = async <Result>(about: string, call: () => Promise<Result>): Promise<Result> => {
    const mutations = queryClient.getMutationCache();
    const options = { mutationKey, mutationFn: call, scope: { id: about } };
    try {
      const result = await mutations.build(queryClient, options).execute(undefined);
      tabs.changed();
      return result;
    } finally {
      again();
    }
  };

  const deletions = createDeletions({ client, apiFetch, changes, notify, send });
  const unsent = createUnsentQueue({
    userId,
    store: createUnsentStore({ userId, ...browser }),
    canSend: () => connection.get() !== 'offline',
    now: () => Date.now(),
    locks: browser.locks,
    create: ({ id: key, title, description, idempotencyKey }, done) =>
      send(key, async () => {
        const task = await client.createTask({ body: { title, description }, idempotencyKey });
        changes.settle(changes.begin(task, { kind: 'add', key }));
        done();
      }),
  });

  return {
    ...{ userId, client, queryClient, notify, readings, changes, unsent, deletions, connection },
    tabs,
    change(before, fields, call) {
      const number = changes.begin(before, { kind: 'set', fields });
      return send(before.id, async () => {
        try {
          changes.settle(number, await call());
        } catch (error) {
          changes.withdraw(number);
          throw error;
        }
      });
    },
    start() {
      const { events, isHidden } = browser;
      // The last that a page hears for certain, on phones; and another tab had better see what this one shows.
      const finish = () => {
        if (isHidden()) deletions.finishLeaving();
      };
      events.addEventListener('visibilitychange', finish);
      events.addEventListener('pagehide', deletions.finishLeaving);
      const ends = [
        tabs.start(),
        watchCalls({ queryClient, key: readings.key, connection }),
        connection.subscribe(() => {
          if (connection.get() !== 'online') return;
          void unsent.flush();
          again();
        }),
        connection.start(),
        unsent.start(),
      ];
      return () => {
        events.removeEventListener('visibilitychange', finish);
        events.removeEventListener('pagehide', deletions.finishLeaving);
        deletions.finishLeaving();
        for (const end of ends) end();
      };
    },
  };
}
