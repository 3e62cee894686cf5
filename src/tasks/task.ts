import { z } from 'zod';
import type { components } from '../../generated/types.ts';
import type { OperationRequest } from '../contract.ts';

/** A task as returned by the API. */
export type Task = components['schemas']['Task'];
export type TaskCreate = OperationRequest<'createTask'>['body'];
export type TaskCounts = components['schemas']['TaskCounts'];
export type TaskUpdate = components['schemas']['TaskUpdate'];
export type TaskCompletion = components['schemas']['TaskCompletion'];

/** The value of every field that clients set. */
export type TaskFields = Required<TaskCreate>;

/**
 * Returns the fields of a new task; an absent description is null. The idempotency fingerprint depends on the fields and on
 * their order: after a change here, repeating a request from before the deployment is rejected as idempotency-key-reused.
 */
export function fieldsOf({ title, description = null, completed }: TaskCreate): TaskFields {
  return { title, description, completed };
}

/** A time of a task in a row; see `taskColumns`. */
type Time = 'created' | 'updated';

/** A row of `tasks`: the task and its version, which starts at 1 and is incremented by each change. */
export const taskRow = z.object({
  id: z.uuid(),
  user_id: z.string(),
  title: z.string(),
  description: z.string().nullable(),
  completed: z.boolean(),
  created: z.string(),
  updated: z.string(),
  version: z.int32(),
} satisfies Record<Exclude<keyof Task, `${Time}_at`> | Time | 'version', z.ZodType>);
export type TaskRow = z.infer<typeof taskRow>;

/** Returns the task of a row. An object literal: to copy "all properties except one" takes several times as long. */
export const toTask = ({
  id,
  user_id,
  title,
  description,
  completed,
  created,
  updated,
}: Omit<TaskRow, 'version'>): Task => ({
  id,
  user_id,
  title,
  description,
  completed,
  created_at: created,
  updated_at: updated,
});
