import type { Client, Task } from '../../support/client.ts';

/** A task as the service should have it. */
export interface StoredTask {
  readonly task: Task;
  /** Every entity tag that it has had, the present one last. */
  readonly tags: readonly string[];
}

/** What a creation with an idempotency key gave, which every repeat has to give. */
interface Creation {
  readonly task: Task;
  readonly tag: string;
}

/** What the service should know of one user. */
export interface Model {
  readonly user: string;
  readonly tasks: Map<string, StoredTask>;
  /** The ids of all tasks in the order of their creation, those that are deleted included. */
  readonly ids: string[];
  readonly keys: Map<string, Creation>;
  /** Whether anything is stored: since the first creation, until the user is deleted. */
  stored: boolean;
}

/** The service as one user sees it. */
export interface Real {
  readonly client: Client;
  /** Who uses the service at the same time. */
  readonly neighbours: readonly Model[];
}

export function createModel(user: string): Model {
  return { user, tasks: new Map(), ids: [], keys: new Map(), stored: false };
}

const NO_TASK = '019aa3c5-6d0e-7c3b-8f3a-5b1f0c9d7e21';

/** The id of one of a user's tasks, deleted or not; one that nobody has while there is none. */
export function idOf({ ids }: Model, index: number): string {
  return ids[index % ids.length] ?? NO_TASK;
}

/** The two families of paths. */
export type Family = 'own' | 'user';

export function listPath(family: Family, user: string): string {
  return family === 'own' ? '/api/tasks' : `/api/${encodeURIComponent(user)}/tasks`;
}

export function taskPath(family: Family, model: Model, index: number): string {
  return `${listPath(family, model.user)}/${idOf(model, index)}`;
}
