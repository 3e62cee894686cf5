import type { Task } from '@tasks-api/client';
import { useMemo } from 'react';
import { quoted } from '../../lib/format.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import { canDiscard, type UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useCompleteTask } from '../../lib/tasks/use-changes.ts';
import type { View } from '../../lib/tasks/view.ts';
import { announce } from '../ui/announcer.tsx';

/** The actions on the tasks of a list, with notices or announcements of their results. */
export interface TaskActions {
  readonly complete: (task: Task, completed: boolean) => void;
  readonly remove: (task: Task) => void;
  readonly discard: (item: UnsentTask) => void;
  readonly undo: () => void;
}

/** The actions for a list. The object stays the same as long as the status of the list does. */
export function useTaskActions(status: View['status']): TaskActions {
  const setCompleted = useCompleteTask();
  const { deletions, history, unsent } = useTasksModel();
  return useMemo(
    () => ({
      complete(task, completed) {
        const text = `${quoted(task.title)} ${completed ? 'completed' : 'reopened'}`;
        const leavesList = status !== 'all';
        if (!leavesList) announce(text);
        const forget = history.add({
          text,
          undo() {
            void setCompleted({ ...task, completed }, !completed);
            return true;
          },
          needsConnection: () => true,
          notice: leavesList ? {} : undefined,
        });
        void setCompleted(task, completed).then((isDone) => {
          if (!isDone) forget();
        });
      },
      remove: deletions.remove,
      discard(item) {
        const { id, title } = item;
        if (!canDiscard(item)) {
          announce(`${quoted(title)} cannot be discarded because it may have been saved already`);
          return;
        }
        unsent.discard(id);
        history.add({
          text: `${quoted(title)} discarded`,
          undo() {
            unsent.add(item);
            return true;
          },
          notice: {},
        });
      },
      undo: history.undoLast,
    }),
    [setCompleted, deletions, history, unsent, status],
  );
}
