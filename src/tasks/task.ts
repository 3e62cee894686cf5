import { z } from 'zod';
import type { components } from '../../generated/types.ts';

/** A task as its user sees it. */
export type Task = components['schemas']['Task'];
export type TaskCreate = components['schemas']['TaskCreate'];
export type TaskCounts = components['schemas']['TaskCounts'];
export type TaskUpdate = components['schemas']['TaskUpdate'];

/** A row of `tasks`: the task and its version, which counts its changes from 1. */
export const taskRow = z.object({
  id: z.uuid(),
  user_id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int32(),
});
export type TaskRow = z.infer<typeof taskRow>;

/** The task of a row. */
export function toTask({ version: _, ...task }: TaskRow): Task {
  return task;
}
