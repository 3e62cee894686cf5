import { z } from 'zod';
import type { components } from '../../generated/types.ts';
import type { OperationRequest } from '../contract.ts';

/** A task as the API returns it. */
export type Task = components['schemas']['Task'];
export type TaskCreate = OperationRequest<'createTask'>['body'];
export type TaskCounts = components['schemas']['TaskCounts'];
export type TaskUpdate = components['schemas']['TaskUpdate'];

/** Every field that a client sets, with its value. */
export type TaskFields = Required<TaskCreate>;

/** The fields of a new task, in the order of the contract. An absent description is null. */
export function fieldsOf({ title, description = null, completed }: TaskCreate): TaskFields {
  return { title, description, completed };
}

/** A row of `tasks`: the task and its version. The version starts at 1; each change raises it. */
export const taskRow = z.object({
  id: z.uuid(),
  user_id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  created_at: z.string(),
  updated_at: z.string(),
  version: z.int32(),
} satisfies Record<keyof Task | 'version', z.ZodType>);
export type TaskRow = z.infer<typeof taskRow>;

export function toTask({ version: _, ...task }: TaskRow): Task {
  return task;
}
