import { isTasksError, type Task, type TasksClient } from '@tasks-api/client';
import type { ApiFetch } from '../api/api-fetch.ts';
import type { Notify } from '../notices.ts';
import type { ChangeLog } from './change-log.ts';
import { quoted, tellFailure } from './failure.ts';

/** Deletions, each of which can be undone for a while before the service is asked. */
export interface Deletions {
  /** Hides a task, and deletes it when the notice that offers to undo it is gone. */
  readonly remove: (task: Task) => void;
  /** Brings a task back; false when it is too late. */
  readonly undo: (taskId: string) => boolean;
  /** Deletes what waits, at once. Rejects with why one could not be deleted, which is then told and shown again. */
  readonly finish: () => Promise<void>;
  /** The same in a page that may be gone in a moment. */
  readonly finishLeaving: () => void;
}

export interface DeletionsOptions {
  readonly client: TasksClient;
  readonly apiFetch: ApiFetch;
  readonly changes: ChangeLog;
  readonly notify: Notify;
  /** Does something about a task, after what is under way about it. */
  readonly send: (taskId: string, call: () => Promise<void>) => Promise<void>;
}

interface Held {
  readonly task: Task;
  readonly number: number;
  readonly closeNotice: () => void;
}

const UNDO_MS = 10_000;

/** Makes the deletions of a user. The notice of each owns the time in which it can be undone. */
export function createDeletions({
  client,
  apiFetch,
  changes,
  notify,
  send,
}: DeletionsOptions): Deletions {
  const held = new Map<string, Held>();

  const take = (id: string): Held | undefined => {
    const found = held.get(id);
    held.delete(id);
    found?.closeNotice();
    return found;
  };

  /** Rejects when it has failed; that is told then. */
  const commit = async (id: string, call: (id: string) => Promise<unknown>): Promise<void> => {
    const found = take(id);
    if (!found) return;
    const { task, number } = found;
    const work = async () => {
      try {
        await call(id);
      } catch (error) {
        // Somebody else was faster, with the same wish.
        if (!isTasksError(error) || error.code !== 'not-found') {
          changes.withdraw(number);
          throw error;
        }
      }
      changes.settle(number);
    };
    await send(id, work).catch((error: unknown) => {
      tellFailure(notify, task, 'deleted', error, () => {
        deletions.remove(task);
      });
      throw error;
    });
  };
  const isTold = () => undefined;
  const ask = (id: string) => client.deleteTask({ path: { id } });

  /** What the browser finishes even when the page is gone; the client has no such option. */
  const askLeaving = async (id: string) => {
    const path = `/api/tasks/${encodeURIComponent(id)}`;
    const { ok, status } = await apiFetch(path, { method: 'DELETE', keepalive: true });
    if (!ok && status !== 404) throw new Error(`Not deleted: HTTP status ${status}`);
  };

  const deletions: Deletions = {
    remove(task) {
      if (held.has(task.id)) return;
      const number = changes.begin(task, { kind: 'delete' });
      const closeNotice = notify({
        title: `${quoted(task.title)} deleted`,
        tone: 'info',
        timeout: UNDO_MS,
        action: {
          label: 'Undo',
          run: () => {
            deletions.undo(task.id);
          },
        },
        onGone: () => void commit(task.id, ask).catch(isTold),
      });
      held.set(task.id, { task, number, closeNotice });
    },
    undo(id) {
      const found = take(id);
      if (found) changes.withdraw(found.number);
      return found !== undefined;
    },
    async finish() {
      await Promise.all([...held.keys()].map((id) => commit(id, ask)));
    },
    finishLeaving() {
      for (const id of held.keys()) commit(id, askLeaving).catch(isTold);
    },
  };
  return deletions;
}
