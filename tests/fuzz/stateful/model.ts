import type { Client, Task } from '../../support/client.ts';

/** The expected state of a task. */
export interface StoredTask {
  readonly task: Task;
  /** All ETags of the task, the current one last. */
  readonly tags: readonly string[];
}

/** The result of a creation with an idempotency key, which every repeat must return. */
interface Creation {
  readonly task: Task;
  readonly tag: string;
}

/** The expected state of a user. */
export interface Model {
  readonly user: string;
  readonly tasks: Map<string, StoredTask>;
  /** The ids of all tasks in the order of their creation, including deleted ones. */
  readonly ids: string[];
  readonly keys: Map<string, Creation>;
  /** Whether the user is stored: from the first creation until the deletion. */
  stored: boolean;
}

/** The service from the view of one user. */
export interface Real {
  readonly client: Client;
  /** The concurrent other users. */
  readonly neighbours: readonly Model[];
}

export function createModel(user: string): Model {
  return { user, tasks: new Map(), ids: [], keys: new Map(), stored: false };
}

const NO_TASK = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

/** The id of one of a user's tasks, deleted or not; an unused id if there is none. */
export function idOf({ ids }: Model, index: number): string {
  return ids[index % ids.length] ?? NO_TASK;
}

/** The two path styles. */
export type PathStyle = 'own' | 'user';

export function listPath(style: PathStyle, user: string): string {
  return style === 'own' ? '/api/tasks' : `/api/${encodeURIComponent(user)}/tasks`;
}

export function taskPath(style: PathStyle, model: Model, index: number): string {
  return `${listPath(style, model.user)}/${idOf(model, index)}`;
}
