import type { Task } from '@tasks-api/client';
import { useMemo } from 'react';
import { notify } from '../../lib/notices.ts';
import { quoted } from '../../lib/tasks/failure.ts';
import { canDiscard, type UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useAddTask, useCompleteTask, useDeleteTask } from '../../lib/tasks/use-changes.ts';
import { useUnsent } from '../../lib/tasks/use-unsent.ts';
import type { View } from '../../lib/tasks/view.ts';
import { announce } from './announcer.tsx';
import { useUndo } from './use-undo.ts';

/** What can be done with the tasks of a list, and undone; all of it is said. */
export interface TaskActions {
  readonly complete: (task: Task, completed: boolean) => void;
  readonly remove: (task: Task) => void;
  readonly discard: (item: UnsentTask) => void;
  readonly undo: () => void;
}

/** The actions for a list; the same object as long as that shows tasks of the same status. */
export function useTaskActions(status: View['status']): TaskActions {
  const setCompleted = useCompleteTask();
  const deletions = useDeleteTask();
  const add = useAddTask();
  const { discard } = useUnsent();
  const undo = useUndo();
  return useMemo(() => {
    /** Tells by a notice what has left the list, and offers to bring it back as long as that shows. */
    const tellGone = (title: string, bringBack: () => void) => {
      let offered = true;
      const run = () => {
        if (!offered) return false;
        withdraw();
        bringBack();
        return true;
      };
      const withdraw = notify({
        title,
        tone: 'info',
        action: { label: 'Undo', run },
        onGone: () => {
          offered = false;
        },
      });
      undo.offer(run);
      return withdraw;
    };
    const completeAway = async (task: Task, completed: boolean) => {
      const withdraw = tellGone(words(task, completed), () => {
        announce(words(task, !completed));
        void setCompleted({ ...task, completed }, !completed);
      });
      if (!(await setCompleted(task, completed))) withdraw();
    };
    return {
      complete(task, completed) {
        if (status !== 'all') {
          void completeAway(task, completed);
          return;
        }
        announce(words(task, completed));
        void setCompleted(task, completed);
      },
      remove(task) {
        deletions.remove(task);
        undo.offer(() => {
          const isBack = deletions.undo(task.id);
          if (isBack) announce(`${quoted(task.title)} is back`);
          return isBack;
        });
      },
      discard(item) {
        const { id, title, description } = item;
        if (!canDiscard(item)) {
          announce(`${quoted(title)} may be in the service already`);
          return;
        }
        discard(id);
        tellGone(`${quoted(title)} discarded`, () => {
          add({ title, description });
        });
      },
      undo() {
        if (!undo.last()) announce('There is nothing to undo');
      },
    };
  }, [setCompleted, deletions, add, discard, undo, status]);
}

function words({ title }: Task, completed: boolean): string {
  return `${quoted(title)} is ${completed ? 'done' : 'to do again'}`;
}
