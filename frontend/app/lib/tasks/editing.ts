import { isTasksError, type Task, type Versioned } from '@tasks-api/client';
import { messageOf } from '../errors/messages.ts';
import type { Words } from '../errors/words.ts';
import type { TasksModel } from './model.ts';

/** The fields that a person edits. */
export type TaskEdit = Pick<Task, 'title' | 'description'>;

/** Somebody else was faster: both versions, of which one is to be chosen. */
export interface Conflict {
  readonly mine: TaskEdit;
  readonly theirs: Versioned<Task>;
}

/** What became of saving. */
export type EditOutcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  /** The task was deleted elsewhere; what was entered can only be added anew. */
  | { readonly kind: 'gone'; readonly message: Words }
  /** The task is as it was. The form tells the message, and keeps what was entered. */
  | { readonly kind: 'failed'; readonly message: Words };

/** Saves an edit upon the version that the person has seen. It is shown at once, and no longer when it fails. */
export async function saveEdit(
  model: TasksModel,
  seen: Versioned<Task>,
  mine: TaskEdit,
): Promise<EditOutcome> {
  const body = changedFields(seen, mine);
  if (Object.keys(body).length === 0) return { kind: 'saved' };
  const { etag, ...before } = seen;
  const path = { id: seen.id };
  try {
    await model.change(before, body, () => model.client.patchTask({ path, body, ifMatch: etag }));
    return { kind: 'saved' };
  } catch (error) {
    if (!isTasksError(error) || error.code !== 'precondition-failed') {
      return failureOf(error);
    }
    return compare(model, seen.id, mine);
  }
}

/** Shows their version, since it was chosen. */
export function takeTheirs({ changes, readings }: TasksModel, { theirs }: Conflict): void {
  const { etag: _, ...task } = theirs;
  changes.settle(changes.begin(task, { kind: 'set', fields: task }));
  void readings.again();
}

async function compare(model: TasksModel, id: string, mine: TaskEdit): Promise<EditOutcome> {
  try {
    const theirs = await model.client.getTask({ path: { id } });
    // When a reply gets lost and the call is repeated, one's own change is what it meets.
    const isMine = Object.keys(changedFields(theirs, mine)).length === 0;
    return isMine ? { kind: 'saved' } : { kind: 'conflict', conflict: { mine, theirs } };
  } catch (error) {
    return failureOf(error);
  }
}

/** What it means for an edit that the service could not be asked, or said no. */
export function failureOf(error: unknown): EditOutcome {
  const isGone = isTasksError(error) && error.code === 'not-found';
  return { kind: isGone ? 'gone' : 'failed', message: messageOf(error) };
}

function changedFields(seen: TaskEdit, { title, description }: TaskEdit): Partial<TaskEdit> {
  return {
    ...(title !== seen.title && { title }),
    ...(description !== seen.description && { description }),
  };
}
