import { isTasksError, type Task, type TasksClient } from '@tasks-api/client';
import type { ApiFetch } from '../api/api-fetch.ts';
import { quoted } from '../format.ts';
import { notifyFailure, type Notify } from '../notices.ts';
import type { History } from './history.ts';
import type { OptimisticChanges } from './optimistic-changes.ts';

/** Deletions that can be undone for some seconds before the request is sent. */
export interface Deletions {
  /** Hides a task and shows a notice with an undo button. The task is deleted when the notice closes. */
  readonly remove: (task: Task) => void;
  /** Hides a task and deletes it now. */
  readonly removeNow: (task: Task) => void;
  /** Sends all waiting deletions now. Rejects if one fails; its task is shown again, with a notice. */
  readonly finish: () => Promise<void>;
  /** The same with requests that outlive the page. */
  readonly finishOnPageHide: () => void;
}

export interface DeletionsOptions {
  readonly client: TasksClient;
  readonly apiFetch: ApiFetch;
  readonly changes: OptimisticChanges;
  readonly history: History;
  readonly notify: Notify;
  /** Runs a call that changes a task, after the pending calls for the same task. */
  readonly mutate: (taskId: string, call: () => Promise<void>) => Promise<void>;
}

interface Waiting {
  readonly task: Task;
  readonly changeId: number;
  /** Removes the deletion from the history and closes its notice. */
  readonly forget?: (() => void) | undefined;
}

const UNDO_MS = 10_000;

/** Creates the deletions of a user. A deletion can be undone until its notice closes. */
export function createDeletions({
  client,
  apiFetch,
  changes,
  history,
  notify,
  mutate,
}: DeletionsOptions): Deletions {
  const waiting = new Map<string, Waiting>();

  const take = (id: string): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    found?.forget?.();
    return found;
  };

  /** Sends the request. If it fails, it rolls the deletion back, shows a notice and rejects. */
  const commit = async (id: string, request: (id: string) => Promise<unknown>): Promise<void> => {
    const found = take(id);
    if (!found) return;
    const { task, changeId } = found;
    const deleteTask = async () => {
      try {
        await request(id);
      } catch (error) {
        // A task that was deleted elsewhere in the meantime is deleted as wanted.
        if (!isTasksError(error) || error.code !== 'not-found') {
          changes.rollBack(changeId);
          throw error;
        }
      }
      changes.confirm(changeId);
    };
    await mutate(id, deleteTask).catch((error: unknown) => {
      notifyFailure(notify, task, 'deleted', error, () => {
        deletions.remove(task);
      });
      throw error;
    });
  };
  /** For a rejection whose notice has been shown. */
  const ignore = () => undefined;
  const sendDelete = (id: string) => client.deleteTask({ path: { id } });

  /** With `keepalive`, which the client does not offer, the browser completes the request after the page is closed. */
  const sendDeleteKeepalive = async (id: string) => {
    const path = `/api/tasks/${encodeURIComponent(id)}`;
    const { ok, status } = await apiFetch(path, { method: 'DELETE', keepalive: true });
    if (!ok && status !== 404) throw new Error(`The task was not deleted: HTTP status ${status}`);
  };

  const hide = (task: Task): Waiting => ({
    task,
    changeId: changes.apply(task, { kind: 'delete' }),
  });
  /** Shows the task again. Returns false if the request has been sent already. */
  const undo = (id: string): boolean => {
    const found = take(id);
    if (found) changes.rollBack(found.changeId);
    return found !== undefined;
  };

  const deletions: Deletions = {
    remove(task) {
      const { id, title } = task;
      if (waiting.has(id)) return;
      const hidden = hide(task);
      const forget = history.add({
        text: `${quoted(title)} deleted`,
        undo: () => undo(id),
        notice: { timeout: UNDO_MS, onClose: () => void commit(id, sendDelete).catch(ignore) },
      });
      waiting.set(id, { ...hidden, forget });
    },
    removeNow(task) {
      if (!waiting.has(task.id)) waiting.set(task.id, hide(task));
      void commit(task.id, sendDelete).catch(ignore);
    },
    async finish() {
      await Promise.all([...waiting.keys()].map((id) => commit(id, sendDelete)));
    },
    finishOnPageHide() {
      for (const id of waiting.keys()) commit(id, sendDeleteKeepalive).catch(ignore);
    },
  };
  return deletions;
}
