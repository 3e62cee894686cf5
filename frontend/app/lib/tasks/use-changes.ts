import { useQuery } from '@tanstack/react-query';
import type { Task, Versioned } from '@tasks-api/client';
import { useCallback, useMemo } from 'react';
import { notifyFailure } from '../notices.ts';
import { addTasks } from './adding.ts';
import { saveEdit, takeTheirs, type Conflict, type SaveResult } from './editing.ts';
import type { TasksModel } from './model.ts';
import { useTasksModel } from './provider.ts';
import type { TaskInput } from './task-input.ts';

/** Adds tasks; see {@link addTasks}. */
export function useAddTasks(): (...inputs: readonly TaskInput[]) => void {
  const model = useTasksModel();
  return useCallback(
    (...inputs) => {
      addTasks(model, inputs);
    },
    [model],
  );
}

/** Completes or reopens a task; see {@link setCompleted}. */
export function useCompleteTask(): (task: Task, completed: boolean) => Promise<boolean> {
  const model = useTasksModel();
  return useCallback((task, completed) => setCompleted(model, task, completed), [model]);
}

/**
 * Sets whether a task is completed; it never toggles. A list that shows only the other status keeps the task until the service has
 * confirmed the change. Resolves with whether that worked; if not, the change is rolled back and a notice is shown.
 */
export async function setCompleted(
  model: TasksModel,
  task: Task,
  completed: boolean,
): Promise<boolean> {
  const { client, notify } = model;
  const call = () => client.completeTask({ path: { id: task.id }, body: { completed } });
  try {
    await model.change(task, { completed }, call);
    return true;
  } catch (error) {
    const action = completed ? 'completed' : 'reopened';
    notifyFailure(notify, task, action, error, () => void setCompleted(model, task, completed));
    return false;
  }
}

/** Fetches a task with the ETag that saving it needs, and keeps it in the cache while it is edited. */
export function useTaskForEdit(id: string): void {
  useQuery(useTasksModel().queries.forEdit(id));
}

export interface EditTask {
  /** Saves what was entered, based on the version that was fetched when editing began. Never rejects. */
  readonly save: (seen: Versioned<Task>, mine: TaskInput) => Promise<SaveResult>;
  /** Overwrites the stored version. Another concurrent change leads to another conflict. */
  readonly keepMine: (conflict: Conflict) => Promise<SaveResult>;
  /** Discards what was entered. */
  readonly takeTheirs: (conflict: Conflict) => void;
}

/** Saves edits and resolves conflicts. */
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
