import type { Task } from '@tasks-api/client';
import { tellFailure } from './failure.ts';
import type { TasksModel } from './model.ts';

/** Completes a task, or makes it pending again: what it becomes, whatever it is. Resolves with whether that worked. */
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
    const done = completed ? 'completed' : 'made pending again';
    tellFailure(notify, task, done, error, () => void setCompleted(model, task, completed));
    return false;
  }
}
