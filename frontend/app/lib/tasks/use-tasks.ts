import { useQuery } from '@tanstack/react-query';
import type { TaskCounts } from '@tasks-api/client';
import { useStore } from '../store.ts';
import type { ConnectionState } from './connection.ts';
import { useTasksModel } from './provider.ts';
import { countsOf } from './rows.ts';
import type { UnsentTask } from './unsent-item.ts';
import type { UnsentQueue } from './unsent-queue.ts';

/** The numbers of tasks with pending changes applied; undefined until they are fetched. */
export function useTaskCounts(): TaskCounts | undefined {
  const { queries, changes, unsent } = useTasksModel();
  const { data } = useQuery(queries.counts());
  const sources = { changes: useStore(changes), unsent: useStore(unsent.items) };
  return data && countsOf(data, sources);
}

export interface Unsent extends Pick<UnsentQueue, 'edit' | 'retry' | 'discard'> {
  /** In the order in which they were added. */
  readonly items: readonly UnsentTask[];
}

/** The queue of new tasks that the service has not created yet, and the actions for those that it refused. */
export function useUnsent(): Unsent {
  const { items, edit, retry, discard } = useTasksModel().unsent;
  return { items: useStore(items), edit, retry, discard };
}

/** The state of the connection to the service. */
export function useConnection(): ConnectionState {
  return useStore(useTasksModel().connection);
}
