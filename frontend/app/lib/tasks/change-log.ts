import type { Task } from '@tasks-api/client';
import { createStore, type Store } from '../store.ts';

/** What a change does to a task. */
type Effect =
  | { readonly kind: 'add'; readonly key: string }
  | { readonly kind: 'set'; readonly fields: Partial<Task> }
  | { readonly kind: 'delete' };

export interface Change {
  readonly number: number;
  /** The task as it was shown before; for an addition, as it came to be. */
  readonly before: Task;
  readonly effect: Effect;
  /** When the service had done it, by the log's clock; undefined while it is under way. */
  readonly settled: number | undefined;
}

/**
 * The changes that lists from the service may not show yet. What is shown is what the service has said and, upon it, these:
 * so a change is seen at once, is gone when it fails, and no reading that was under way can undo it, however many there are.
 */
export interface ChangeLog extends Store<readonly Change[]> {
  /** The clock, which counts what happens: readings note when they are asked for. */
  readonly tick: () => number;
  /** Shows a change. */
  readonly begin: (before: Task, effect: Effect) => number;
  /** The service has done it, with this task as its result where there is one. */
  readonly settle: (number: number, result?: Task) => void;
  /** It will not be. */
  readonly withdraw: (number: number) => void;
  /** What a row is known by: the key of the addition that a task came of, or its id. */
  readonly keyOf: (taskId: string) => string;
  /** Drops what all readings that are still shown have seen. */
  readonly prune: (oldestReading: number) => void;
}

/** Makes an empty log, whose clock begins at zero. */
export function createChangeLog(): ChangeLog {
  const changes = createStore<readonly Change[]>([]);
  const keys = new Map<string, string>();
  let time = 0;
  const tick = () => ++time;

  return {
    ...changes,
    tick,
    begin(before, effect) {
      const number = tick();
      if (effect.kind === 'add') keys.set(before.id, effect.key);
      changes.set([...changes.get(), { number, before, effect, settled: undefined }]);
      return number;
    },
    settle(number, result) {
      const settled = tick();
      const confirm = (change: Change): Change => {
        if (change.number !== number) return change;
        const { effect } = change;
        return {
          ...change,
          settled,
          effect: effect.kind === 'set' && result ? { ...effect, fields: result } : effect,
        };
      };
      changes.set(changes.get().map(confirm));
    },
    withdraw(number) {
      const all = changes.get();
      const gone = all.find((change) => change.number === number);
      if (!gone) return;
      const others = all.filter((change) => change !== gone);
      const next = others.findIndex(
        (change) => change.number > number && change.before.id === gone.before.id,
      );
      // The next one was made on what this one showed.
      changes.set(
        others.map((change, at) => (at === next ? { ...change, before: gone.before } : change)),
      );
    },
    keyOf: (taskId) => keys.get(taskId) ?? taskId,
    prune(oldestReading) {
      const all = changes.get();
      const kept = all.filter(({ settled }) => settled === undefined || settled > oldestReading);
      if (kept.length < all.length) changes.set(kept);
    },
  };
}

/** The changes that a reading may not have seen, in their order. */
export function unseenBy(asked: number, changes: readonly Change[]): readonly Change[] {
  return changes.filter(({ settled }) => settled === undefined || settled > asked);
}
