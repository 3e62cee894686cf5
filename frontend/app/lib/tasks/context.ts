import { createContext, use } from 'react';
import type { TasksModel } from './model.ts';

/** Where hooks find the tasks of the user; `TasksProvider` fills it. */
export const TasksContext = createContext<TasksModel | undefined>(undefined);

/** The tasks of the user; undefined on pages without one. */
export function useOptionalTasksModel(): TasksModel | undefined {
  return use(TasksContext);
}

/**
 * The tasks of the user.
 *
 * @throws outside of a `TasksProvider`
 */
export function useTasksModel(): TasksModel {
  const model = useOptionalTasksModel();
  if (!model) throw new Error('Hooks of tasks work below a TasksProvider');
  return model;
}
