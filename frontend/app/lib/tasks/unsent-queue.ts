import { createIdempotencyKey, isTasksError } from '@tasks-api/client';
import { isSessionEnded } from '../api/session-ended-error.ts';
import { messageOf } from '../errors/message-of.ts';
import { createStore, type Store } from '../store.ts';
import { isUnreachable } from './connection.ts';
import { inputOf, type TaskInput } from './task-input.ts';
import type { UnsentItem, UnsentTask } from './unsent-item.ts';
import type { UnsentStore } from './unsent-store.ts';

/** The queue of new tasks that the service has not created yet: offline, pending or refused. */
export interface UnsentQueue {
  readonly items: Store<readonly UnsentTask[]>;
  /** Queues a task and sends it as soon as possible. `isStored` is false if it is only kept in memory. */
  readonly add: (input: TaskInput) => { readonly id: string; readonly isStored: boolean };
  /** Changes a refused item and sends it again. */
  readonly edit: (id: string, input: TaskInput) => void;
  /** Sends a refused item again. */
  readonly retry: (id: string) => void;
  readonly discard: (id: string) => void;
  readonly clear: () => void;
  /** Sends the waiting items in their order. Resolves when no more can be sent at the moment. */
  readonly flush: () => Promise<void>;
  /**
   * As `flush`, when the connection is back; `model.ts` calls it. If that fails, the next calls have no effect until the retry: while the
   * service creates no tasks, other calls can succeed.
   */
  readonly resume: () => Promise<void>;
  /** Starts sending. Returns a function that stops it. */
  readonly start: () => () => void;
}

export interface UnsentQueueOptions {
  readonly userId: string;
  readonly store: UnsentStore;
  /** Creates the task of an item. Calls `onCreated` as soon as the service has created it. */
  readonly create: (item: UnsentItem, onCreated: () => void) => Promise<unknown>;
  /** Whether an attempt can succeed: false while the browser is offline. */
  readonly canSend: () => boolean;
  readonly now: () => number;
  /** Lets one tab at a time send. Without locks, the idempotency keys alone prevent duplicates. */
  readonly locks: LockManager | undefined;
}

const FIRST_RETRY_MS = 2_000;
const LONGEST_RETRY_MS = 60_000;
/** The service stores idempotency keys for at least 24 hours. */
const KEY_LIFETIME_MS = 23 * 3_600_000;

/** If the first response was lost and the key has expired since, sending the item again could create a second task. */
const POSSIBLE_DUPLICATE = {
  title: 'This task may already be in your list',
  detail:
    'It was sent more than a day ago, but no response was received. Check your list, then send it again or discard it.',
};

/** Creates the queue of a user. It retries with backoff while the service is unreachable; refused items wait for the user. */
export function createUnsentQueue(options: UnsentQueueOptions): UnsentQueue {
  const { userId, store, create, canSend, now, locks } = options;
  const items = createStore<readonly UnsentTask[]>([]);
  let sending: string | undefined;
  let running: Promise<void> | undefined;
  let flushRequested = false;
  let stopped = true;
  let retryDelay = FIRST_RETRY_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let resuming = false;
  let waitsForRetry = false;

  const stateOf = ({ id, refusal }: UnsentItem) =>
    refusal ? 'refused' : id === sending ? 'sending' : 'waiting';
  const show = () => {
    items.set(store.get().map((item) => ({ ...item, state: stateOf(item) })));
  };
  const isKeyExpired = ({ triedAt }: UnsentItem) =>
    triedAt !== undefined && now() - triedAt > KEY_LIFETIME_MS;
  const find = (id: string) => store.read().find((item) => item.id === id);
  const setSending = (id: string | undefined) => {
    sending = id;
    show();
  };
  const nextAfter = (last: UnsentItem | undefined) =>
    store.read().find((item) => !item.refusal && item.addedAt > (last?.addedAt ?? -Infinity));

  /** Sends one item. Returns false if the service cannot be reached, so that the other items wait as well. */
  const sendOne = async (item: UnsentItem): Promise<boolean> => {
    if (isKeyExpired(item)) {
      store.put({ ...item, refusal: POSSIBLE_DUPLICATE });
      return true;
    }
    store.put({ ...item, triedAt: item.triedAt ?? now() });
    try {
      await create(item, () => {
        store.remove(item.id);
      });
      return true;
    } catch (error) {
      if (isRetryable(error)) return false;
      store.put({ ...item, refusal: messageOf(error) });
      return true;
    }
  };

  const sendAll = async () => {
    let item: UnsentItem | undefined;
    while (!stopped && canSend() && (item = nextAfter(item))) {
      setSending(item.id);
      const reached = await sendOne(item).finally(() => {
        setSending(undefined);
      });
      if (!reached) {
        scheduleRetry();
        return;
      }
      retryDelay = FIRST_RETRY_MS;
    }
  };
  const scheduleRetry = () => {
    flushRequested = false;
    clearTimeout(retryTimer);
    retryTimer = setTimeout(() => void flush(), retryDelay);
    waitsForRetry = resuming;
    retryDelay = Math.min(2 * retryDelay, LONGEST_RETRY_MS);
  };
  const flush = async (): Promise<void> => {
    flushRequested = true;
    waitsForRetry = false;
    running ??= (async () => {
      while (flushRequested && !stopped) {
        flushRequested = false;
        if (!nextAfter(undefined) || !canSend()) continue;
        clearTimeout(retryTimer);
        await (locks ? locks.request(`tasks:unsent:${userId}`, sendAll) : sendAll());
      }
    })().finally(() => {
      running = undefined;
    });
    return running;
  };

  return {
    items,
    flush,
    async resume() {
      if (waitsForRetry) return;
      resuming = true;
      await flush();
      resuming = false;
    },
    add(input) {
      const last = store.get().at(-1)?.addedAt ?? -Infinity;
      const key = createIdempotencyKey();
      const addedAt = Math.max(now(), last + 1);
      const id = `new-${key}`;
      const isStored = store.put({ ...inputOf(input), id, idempotencyKey: key, addedAt });
      void flush();
      return { id, isStored };
    },
    edit(id, input) {
      const item = find(id);
      if (!item) return;
      const { addedAt } = item;
      // A different body needs a new key.
      store.put({ ...inputOf(input), id, idempotencyKey: createIdempotencyKey(), addedAt });
      void flush();
    },
    retry(id) {
      const item = find(id);
      if (!item) return;
      const { refusal: _, ...rest } = item;
      // Once the key may have expired, the user has decided that this is a new task. Until then the key must stay.
      store.put(
        isKeyExpired(item)
          ? { ...rest, idempotencyKey: createIdempotencyKey(), triedAt: undefined }
          : rest,
      );
      void flush();
    },
    discard(id) {
      store.remove(id);
    },
    clear() {
      store.clear();
    },
    start() {
      stopped = false;
      const stopShowing = store.subscribe(show);
      const stopStore = store.start();
      void flush();
      return () => {
        stopped = true;
        clearTimeout(retryTimer);
        stopStore();
        stopShowing();
      };
    },
  };
}

/** Whether a later attempt can succeed: the service was unreachable, or the session has ended. */
function isRetryable(error: unknown): boolean {
  if (isSessionEnded(error) || isUnreachable(error)) return true;
  return isTasksError(error) && error.status === 401;
}
