import { quoted } from '../format.ts';
import type { TasksModel } from './model.ts';
import type { TaskInput } from './task-input.ts';
import { canDiscard } from './unsent-item.ts';
import type { UnsentQueue } from './unsent-queue.ts';

const UNDO_MS = 10_000;

/**
 * Adds tasks: they are in the list at once, and are sent as soon as the service can be reached. Undoing removes all of them. For
 * several tasks, a notice offers that.
 */
export function addTasks(model: TasksModel, inputs: readonly TaskInput[]): void {
  const { unsent, changes, history, notify } = model;
  const added = inputs.map((input) => unsent.add(input));
  const ids = added.map(({ id }) => id);
  const [first] = inputs;
  history.add({
    text:
      first && inputs.length === 1
        ? `${quoted(first.title)} added`
        : `${inputs.length} tasks added`,
    undo: () => removeAdded(model, ids),
    needsConnection: () => ids.some((id) => changes.addedFrom(id)),
    redo: () => {
      addTasks(model, inputs);
    },
    notice: inputs.length > 1 ? { timeout: UNDO_MS } : undefined,
  });
  if (added.every(({ isStored }) => isStored)) return;
  notify({
    title: 'Your browser could not save this task',
    detail: 'Its storage is full or blocked. Keep this page open until the task is sent.',
    tone: 'error',
  });
}

/** Removes tasks that were added, by the ids of their queue items. Returns false if it is unknown whether one was created. */
function removeAdded(model: TasksModel, ids: readonly string[]): boolean {
  const { unsent, changes, deletions } = model;
  const queued = new Map(unsent.items.get().map((item) => [item.id, item]));
  const isUnknown = (id: string) => {
    const item = queued.get(id);
    return item?.state === 'waiting' && !canDiscard(item);
  };
  if (ids.some(isUnknown)) return false;
  const removeTask = (id: string) => {
    const task = changes.addedFrom(id);
    if (task) deletions.removeNow(task);
  };
  for (const id of ids) {
    const item = queued.get(id);
    if (!item) removeTask(id);
    else if (canDiscard(item)) unsent.discard(id);
    else {
      onceSent(unsent, id, () => {
        removeTask(id);
      });
    }
  }
  return true;
}

/** Calls a function when an item that is being sent has been created, which can take several attempts. A refused item is discarded. */
function onceSent({ items, discard }: UnsentQueue, id: string, done: () => void): void {
  const unsubscribe = items.subscribe(() => {
    const item = items.get().find((other) => other.id === id);
    if (item?.state === 'refused') discard(id);
    if (item) return;
    unsubscribe();
    done();
  });
}
