import { useQuery } from '@tanstack/react-query';
import type { Task, Versioned } from '@tasks-api/client';
import { useCallback, useMemo } from 'react';
import { setCompleted } from './completing.ts';
import { useTasksModel } from './context.ts';
import type { Deletions } from './deletions.ts';
import { saveEdit, takeTheirs, type Conflict, type EditOutcome, type TaskEdit } from './editing.ts';
import type { TaskInput } from './unsent-item.ts';

/** Adds a task: it is in the list at once, and goes to the service as soon as that can be reached. */
export function useAddTask(): (input: TaskInput) => void {
  const { unsent, notify } = useTasksModel();
  return useCallback(
    (input) => {
      if (unsent.add(input)) return;
      notify({
        title: 'Your browser has no room to keep this task',
        detail: 'Leave this page open until it is sent.',
        tone: 'error',
      });
    },
    [unsent, notify],
  );
}

/**
 * Sets whether a task is completed; never toggles. In a list of the others it stays, marked, until the service has it. The
 * promise never rejects: it tells whether it worked, and a notice tells why not.
 */
export function useCompleteTask(): (task: Task, completed: boolean) => Promise<boolean> {
  const model = useTasksModel();
  return useCallback((task, completed) => setCompleted(model, task, completed), [model]);
}

/** Reads a task, with the entity tag that its saving wants, and keeps it as long as it is edited. */
export function useTaskForEdit(id: string): void {
  useQuery(useTasksModel().readings.forEdit(id));
}

export interface EditTask {
  /** Saves what was entered upon the version that was read when the editing began. Never rejects. */
  readonly save: (seen: Versioned<Task>, mine: TaskEdit) => Promise<EditOutcome>;
  /** Saves mine upon theirs; may meet another conflict. */
  readonly keepMine: (conflict: Conflict) => Promise<EditOutcome>;
  /** Drops mine. */
  readonly takeTheirs: (conflict: Conflict) => void;
}

/** Saves what was entered, and chooses between versions where somebody else was faster. */
export function useEditTask(): EditTask {
  const model = useTasksModel();
  return useMemo(
    () => ({
      save: (seen, mine) => saveEdit(model, seen, mine),
      keepMine: ({ mine, theirs }) => saveEdit(model, theirs, mine),
      takeTheirs: (conflict) => {
        takeTheirs(model, conflict);
      },
    }),
    [model],
  );
}

/** Deletes tasks, with ten seconds to undo: `remove` hides a task and shows the notice that offers it. */
export function useDeleteTask(): Pick<Deletions, 'remove' | 'undo'> {
  return useTasksModel().deletions;
}
