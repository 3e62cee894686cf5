import { isTasksError, type Task, type Versioned } from '@tasks-api/client';
import type { ErrorMessage } from '../errors/error-message.ts';
import { messageOf } from '../errors/message-of.ts';
import { quoted } from '../format.ts';
import type { TasksModel } from './model.ts';
import { changedFields, inputOf, isSameInput, type TaskInput } from './task-input.ts';

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
 * Saves an edit with `If-Match`. It is shown at once, and rolled back if it fails. It can be undone as long as the task has the text
 * that was saved.
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
  const result = await patch(model, seen, mine);
  if (result.kind !== 'saved') return result;
  model.history.add({
    text: `${quoted(mine.title)} edited`,
    undo() {
      void undoEdit(model, { id: seen.id, before: inputOf(seen), after: mine });
      return true;
    },
    needsConnection: () => true,
    notice: {},
  });
  return result;
}

/** Sends the changed fields, with `If-Match` unless `conditional` is false. */
async function patch(
  model: TasksModel,
  seen: Versioned<Task>,
  mine: TaskInput,
  { conditional }: { readonly conditional: boolean } = { conditional: true },
): Promise<SaveResult> {
  const body = changedFields(seen, mine);
  const { etag, ...before } = seen;
  const path = { id: seen.id };
  try {
    await model.change(before, body, () =>
      model.client.patchTask({ path, body, ...(conditional && { ifMatch: etag }) }),
    );
    return { kind: 'saved' };
  } catch (error) {
    if (!isTasksError(error) || error.code !== 'precondition-failed') {
      return failedResult(error);
    }
    return readConflict(model, seen, mine);
  }
}

interface Edit {
  readonly id: string;
  readonly before: TaskInput;
  readonly after: TaskInput;
}

/** Restores the text from before an edit. If the text was changed again in the meantime, it is kept, and a notice is shown. */
async function undoEdit(model: TasksModel, { id, before, after }: Edit): Promise<void> {
  const { queries, notify } = model;
  const result = await queries
    .version(id)
    .then((stored): SaveResult | Promise<SaveResult> =>
      isSameInput(stored, after)
        ? patch(model, stored, before)
        : { kind: 'conflict', conflict: { mine: before, theirs: stored } },
    )
    .catch(failedResult);
  if (result.kind === 'saved') return;
  notify({
    title: `The edit of ${quoted(after.title)} could not be undone`,
    detail: `${result.kind === 'conflict' ? 'The task was changed again in the meantime' : result.message.title}.`,
    tone: 'error',
  });
}

/** Resolves a conflict with the stored version, which is shown at once. */
export function takeTheirs({ changes, queries }: TasksModel, { theirs }: Conflict): void {
  const { etag: _, ...task } = theirs;
  changes.confirm(changes.apply(task, { kind: 'set', fields: task }));
  void queries.refetch();
}

async function readConflict(
  model: TasksModel,
  seen: Versioned<Task>,
  mine: TaskInput,
): Promise<SaveResult> {
  try {
    const theirs = await model.client.getTask({ path: { id: seen.id } });
    // After a lost response, the retry meets the user's own change.
    if (isSameInput(theirs, mine)) return { kind: 'saved' };
    // The task is as the user has seen it: something between here and the service replaces entity tags. Comparing them would fail
    // forever, so this comparison stands in for theirs.
    if (isSameInput(theirs, seen) && theirs.updated_at === seen.updated_at) {
      return await patch(model, theirs, mine, { conditional: false });
    }
    return { kind: 'conflict', conflict: { mine, theirs } };
  } catch (error) {
    return failedResult(error);
  }
}

/** The result of an edit whose request failed. */
export function failedResult(error: unknown): SaveResult {
  const isDeleted = isTasksError(error) && error.code === 'not-found';
  return { kind: isDeleted ? 'deleted' : 'failed', message: messageOf(error) };
}
