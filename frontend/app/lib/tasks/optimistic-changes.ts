import type { Task } from '@tasks-api/client';
import { createStore, type Store } from '../store.ts';

/** What a change does to a task. */
type Effect =
  | { readonly kind: 'add'; readonly key: string }
  | { readonly kind: 'set'; readonly fields: Partial<Task> }
  | { readonly kind: 'delete' };

export interface Change {
  readonly id: number;
  /** The task as it was shown before the change; for an addition, the task as it was created. */
  readonly before: Task;
  readonly effect: Effect;
  /** When the service confirmed the change, by the logical clock; undefined while the request is pending. */
  readonly confirmedAt: number | undefined;
}

/**
 * Optimistic updates: the changes that cached responses may not include yet. The page shows the cached responses with these changes
 * applied. A change is therefore visible at once, disappears on rollback, and cannot be overwritten by a response that was requested
 * before the change was made.
 */
export interface OptimisticChanges extends Store<readonly Change[]> {
  /** Advances the logical clock and returns its value. Queries record it when they are sent. */
  readonly tick: () => number;
  /** Shows a change. Returns its id. */
  readonly apply: (before: Task, effect: Effect) => number;
  /** Marks a change as made by the service. `result` is the task from the response, if there is one. */
  readonly confirm: (id: number, result?: Task) => void;
  /** Removes a change that was not made: it failed, or the user has undone it. */
  readonly rollBack: (id: number) => void;
  /** The key of a task's row: the id of the queue item that the task was created from, or the id of the task. */
  readonly keyOf: (taskId: string) => string;
  /** The task that was created from a queue item; undefined if it was not created by this page. */
  readonly addedFrom: (key: string) => Task | undefined;
  /** Removes the changes that every cached response includes. `oldestRequest` is when the oldest of them was requested. */
  readonly prune: (oldestRequest: number) => void;
}

/** Creates an empty list of changes. The logical clock starts at zero. */
export function createOptimisticChanges(): OptimisticChanges {
  const changes = createStore<readonly Change[]>([]);
  const keys = new Map<string, string>();
  const added = new Map<string, Task>();
  let time = 0;
  const tick = () => ++time;

  return {
    ...changes,
    tick,
    apply(before, effect) {
      const id = tick();
      if (effect.kind === 'add') {
        keys.set(before.id, effect.key);
        added.set(effect.key, before);
      }
      changes.set([...changes.get(), { id, before, effect, confirmedAt: undefined }]);
      return id;
    },
    confirm(id, result) {
      const confirmedAt = tick();
      const confirm = (change: Change): Change => {
        if (change.id !== id) return change;
        const { effect } = change;
        return {
          ...change,
          confirmedAt,
          effect: effect.kind === 'set' && result ? { ...effect, fields: result } : effect,
        };
      };
      changes.set(changes.get().map(confirm));
    },
    rollBack(id) {
      const all = changes.get();
      const failed = all.find((change) => change.id === id);
      if (!failed) return;
      const others = all.filter((change) => change !== failed);
      const next = others.findIndex(
        (change) => change.id > id && change.before.id === failed.before.id,
      );
      // The next change of the same task was made on top of the one that is removed.
      changes.set(
        others.map((change, at) => (at === next ? { ...change, before: failed.before } : change)),
      );
    },
    keyOf: (taskId) => keys.get(taskId) ?? taskId,
    addedFrom: (key) => added.get(key),
    prune(oldestRequest) {
      const all = changes.get();
      const remaining = changesAfter(oldestRequest, all);
      if (remaining.length < all.length) changes.set(remaining);
    },
  };
}

/** The changes that a response requested at a time may not include, in their order. */
export function changesAfter(requestedAt: number, changes: readonly Change[]): readonly Change[] {
  return changes.filter(
    ({ confirmedAt }) => confirmedAt === undefined || confirmedAt > requestedAt,
  );
}
