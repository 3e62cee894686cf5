import type { Task } from '@tasks-api/client';
import { useMemo } from 'react';
import { quoted } from '../../lib/format.ts';
import { notify } from '../../lib/notices.ts';
import { canDiscard, type UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useAddTask, useCompleteTask, useDeleteTask } from '../../lib/tasks/use-changes.ts';
import { useUnsent } from '../../lib/tasks/use-tasks.ts';
import type { View } from '../../lib/tasks/view.ts';
import { announce } from './announcer.tsx';
import { useUndoStack } from './undo-stack.ts';

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
  const deletions = useDeleteTask();
  const add = useAddTask();
  const { discard } = useUnsent();
  const undoStack = useUndoStack();
  return useMemo(() => {
    /** Shows a notice for a task that has left the list. As long as it is open, the user can restore the task. */
    const notifyRemoved = (title: string, restore: () => void) => {
      let canUndo = true;
      const undo = () => {
        if (!canUndo) return false;
        closeNotice();
        restore();
        return true;
      };
      const closeNotice = notify({
        title,
        tone: 'info',
        action: { label: 'Undo', run: undo },
        onClose: () => {
          canUndo = false;
        },
      });
      undoStack.push(undo);
      return closeNotice;
    };
    const completeAndRemove = async (task: Task, completed: boolean) => {
      const closeNotice = notifyRemoved(completionText(task, completed), () => {
        announce(completionText(task, !completed));
        void setCompleted({ ...task, completed }, !completed);
      });
      if (!(await setCompleted(task, completed))) closeNotice();
    };
    return {
      complete(task, completed) {
        if (status !== 'all') {
          void completeAndRemove(task, completed);
          return;
        }
        announce(completionText(task, completed));
        void setCompleted(task, completed);
      },
      remove(task) {
        deletions.remove(task);
        undoStack.push(() => {
          const isRestored = deletions.undo(task.id);
          if (isRestored) announce(`${quoted(task.title)} restored`);
          return isRestored;
        });
      },
      discard(item) {
        const { id, title } = item;
        if (!canDiscard(item)) {
          announce(`${quoted(title)} cannot be discarded because it may have been saved already`);
          return;
        }
        discard(id);
        notifyRemoved(`${quoted(title)} discarded`, () => {
          add(item);
        });
      },
      undo() {
        if (!undoStack.undoLast()) announce('Nothing to undo');
      },
    };
  }, [setCompleted, deletions, add, discard, undoStack, status]);
}

function completionText({ title }: Task, completed: boolean): string {
  return `${quoted(title)} ${completed ? 'completed' : 'reopened'}`;
}
