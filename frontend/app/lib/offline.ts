import { createStore, useStore } from './store.ts';

/** Whether the connection of the tasks is `offline`. `TasksProvider` sets it. It also exists outside of that, where notices are shown. */
export const offline = createStore(false);

/** Why controls that need a connection do not work at the moment; undefined while they can. */
export function useOfflineReason(): string | undefined {
  return useStore(offline) ? 'Not available offline' : undefined;
}
