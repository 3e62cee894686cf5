import { useStore } from '../store.ts';
import { useTasksModel } from './context.ts';
import type { UnsentTask } from './unsent-item.ts';
import type { UnsentQueue } from './unsent-queue.ts';

export interface Unsent extends Pick<UnsentQueue, 'edit' | 'retry' | 'discard'> {
  /** In the order in which they were added. */
  readonly items: readonly UnsentTask[];
}

/** The additions of the user that the service does not have yet, and what can be done about those that it refuses. */
export function useUnsent(): Unsent {
  const { items, edit, retry, discard } = useTasksModel().unsent;
  return { items: useStore(items), edit, retry, discard };
}
