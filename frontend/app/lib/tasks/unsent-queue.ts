import { isTasksError } from '@tasks-api/client';
import { isSessionOver } from '../api/api-fetch.ts';
import { messageOf } from '../errors/messages.ts';
import { createStore, type Store } from '../store.ts';
import { isUnreachable } from './connection.ts';
import { randomKey, type TaskInput, type UnsentItem, type UnsentTask } from './unsent-item.ts';
import type { UnsentStore } from './unsent-store.ts';

/** The additions on their way to the service. */
export interface UnsentQueue {
  readonly items: Store<readonly UnsentTask[]>;
  /** Keeps an addition and sends it as soon as can be. False when only this page keeps it. */
  readonly add: (input: TaskInput) => boolean;
  /** Changes one that was refused, and sends it. */
  readonly edit: (id: string, input: TaskInput) => void;
  /** Sends one that was refused as it is. */
  readonly retry: (id: string) => void;
  readonly discard: (id: string) => void;
  readonly clear: () => void;
  /** Sends what waits, in its order; resolves when nothing more can be done for now. */
  readonly flush: () => Promise<void>;
  /** Begins to work; gives what ends that. */
  readonly start: () => () => void;
}

export interface UnsentQueueOptions {
  readonly userId: string;
  readonly store: UnsentStore;
  /** Asks the service for the task of an item; calls `done` in the moment in which it has it. */
  readonly create: (item: UnsentItem, done: () => void) => Promise<unknown>;
  /** Whether it makes sense to try. */
  readonly canSend: () => boolean;
  readonly now: () => number;
  /** One tab at a time sends; where there are no locks, the keys alone see to it that there is one task. */
  readonly locks: LockManager | undefined;
}

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** The service remembers keys for 24 hours at least. */
const KEY_LIFE_MS = 23 * 3_600_000;

/** A service that has forgotten a key would make a second task of an item whose first reply got lost. */
const UNCERTAIN = {
  title: 'This may be in your list already',
  detail:
    'It was sent more than a day ago, and no answer came. Look for it, then send it again or discard it.',
};

/** Makes the queue of a user. What the service does not answer waits, longer each time; what it refuses waits for the person. */
export function createUnsentQueue(options: UnsentQueueOptions): UnsentQueue {
  const { userId, store, create, canSend, now, locks } = options;
  const items = createStore<readonly UnsentTask[]>([]);
  let sending: string | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = true;
  let pause = FIRST_PAUSE_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stateOf = ({ id, refusal }: UnsentItem) =>
    refusal ? 'refused' : id === sending ? 'sending' : 'waiting';
  const show = () => {
    items.set(store.get().map((item) => ({ ...item, state: stateOf(item) })));
  };
  const isForgotten = ({ triedAt }: UnsentItem) =>
    triedAt !== undefined && now() - triedAt > KEY_LIFE_MS;
  const find = (id: string) => store.read().find((item) => item.id === id);
  const setSending = (id: string | undefined) => {
    sending = id;
    show();
  };
  const nextAfter = (last: UnsentItem | undefined) =>
    store.read().find((item) => !item.refusal && item.addedAt > (last?.addedAt ?? -Infinity));

  /** Sends one; false when the service does not answer, so that the others had better wait, too. */
  const sendOne = async (item: UnsentItem): Promise<boolean> => {
    if (isForgotten(item)) {
      store.put({ ...item, refusal: UNCERTAIN });
      return true;
    }
    store.put({ ...item, triedAt: item.triedAt ?? now() });
    try {
      await create(item, () => {
        store.remove(item.id);
      });
      return true;
    } catch (error) {
      if (mayWorkLater(error)) return false;
      store.put({ ...item, refusal: messageOf(error) });
      return true;
    }
  };

  const sendAll = async () => {
    let item: UnsentItem | undefined;
    while (!stopped && canSend() && (item = nextAfter(item))) {
      setSending(item.id);
      const answered = await sendOne(item).finally(() => {
        setSending(undefined);
      });
      if (!answered) {
        rest();
        return;
      }
      pause = FIRST_PAUSE_MS;
    }
  };
  const rest = () => {
    again = false;
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
  };
  const flush = async (): Promise<void> => {
    again = true;
    running ??= (async () => {
      while (again && !stopped) {
        again = false;
        if (!nextAfter(undefined) || !canSend()) continue;
        clearTimeout(timer);
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
    add({ title, description = null }) {
      const last = store.get().at(-1)?.addedAt ?? -Infinity;
      const key = randomKey();
      const addedAt = Math.max(now(), last + 1);
      const kept = store.put({
        id: `new-${key}`,
        idempotencyKey: key,
        title,
        description,
        addedAt,
      });
      void flush();
      return kept;
    },
    edit(id, { title, description = null }) {
      const item = find(id);
      if (!item) return;
      const { addedAt } = item;
      // Another task, so another key.
      store.put({ id, idempotencyKey: randomKey(), title, description, addedAt });
      void flush();
    },
    retry(id) {
      const item = find(id);
      if (!item) return;
      const { refusal: _, ...rest } = item;
      // What may have been forgotten can be no task of before; everything else keeps its key.
      store.put(
        isForgotten(item) ? { ...rest, idempotencyKey: randomKey(), triedAt: undefined } : rest,
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
        clearTimeout(timer);
        stopStore();
        stopShowing();
      };
    },
  };
}

/** Whether the fault is not the item's: there is no line, or nobody may send at the moment. */
function mayWorkLater(error: unknown): boolean {
  if (isSessionOver(error) || isUnreachable(error)) return true;
  return isTasksError(error) && error.status === 401;
}
