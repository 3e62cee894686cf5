import { isTasksError, type Task, type Versioned } from '@tasks-api/client';
import type { ErrorMessage } from '../errors/error-message.ts';
import { messageOf } from '../errors/message-of.ts';
import type { TasksModel } from './model.ts';
import { changedFields, isSameInput, type TaskInput } from './task-input.ts';

/** An edit whose task was changed elsewhere in the meantime. The user chooses one of the two versions. */
export interface Conflict {
  /** What the user entered. */
  readonly mine: TaskInput;
  /** The task as it is stored. */
  readonly theirs: Versioned<Task>;
}

/** The result of saving an edit. */
export type SaveResult =
  | { readonly kind: 'saved' }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** The task was deleted elsewhere. What was entered can only be added as a new task. */
  | { readonly kind: 'deleted'; readonly message: ErrorMessage }
  /** The task has not changed. The form shows the message and keeps what was entered. */
  | { readonly kind: 'failed'; readonly message: ErrorMessage };

/**
 * Saves an edit with `If-Match`. It is shown at once, and rolled back if it fails.
 *
 * @param seen the version that the user has edited
 * @param mine what the user entered
 */
export async function saveEdit(
  model: TasksModel,
  seen: Versioned<Task>,
  mine: TaskInput,
): Promise<SaveResult> {
  if (isSameInput(seen, mine)) return { kind: 'saved' };
  const body = changedFields(seen, mine);
  const { etag, ...before } = seen;
  const path = { id: seen.id };
  try {
    await model.change(before, body, () => model.client.patchTask({ path, body, ifMatch: etag }));
    return { kind: 'saved' };
  } catch (error) {
    if (!isTasksError(error) || error.code !== 'precondition-failed') {
      return failedResult(error);
    }
    return readConflict(model, seen.id, mine);
  }
}

/** Resolves a conflict with the stored version, which is shown at once. */
export function takeTheirs({ changes, queries }: TasksModel, { theirs }: Conflict): void {
  const { etag: _, ...task } = theirs;
  changes.confirm(changes.apply(task, { kind: 'set', fields: task }));
  void queries.refetch();
}

async function readConflict(model: TasksModel, id: string, mine: TaskInput): Promise<SaveResult> {
  try {
    const theirs = await model.client.getTask({ path: { id } });
    // After a lost response, the retry meets the user's own change.
    return isSameInput(theirs, mine)
      ? { kind: 'saved' }
      : { kind: 'conflict', conflict: { mine, theirs } };
  } catch (error) {
    return failedResult(error);
  }
}

/** The result of an edit whose request failed. */
export function failedResult(error: unknown): SaveResult {
  const isDeleted = isTasksError(error) && error.code === 'not-found';
  return { kind: isDeleted ? 'deleted' : 'failed', message: messageOf(error) };
}
