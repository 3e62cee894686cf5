import { forgetToken } from '../api/client.ts';
import { useTasksModel } from './context.ts';
import type { TasksModel } from './model.ts';

/**
 * Ends the session of a user: finishes deletions, does what ends it (signs out, or deletes the account), and forgets all that
 * this browser knows of the user, unsent additions included: ask before. Other tabs are led to the sign-in. Afterwards load
 * the page to go to.
 *
 * @throws what a deletion or `end` rejects with; the session stays as it is then
 */
export async function finishSession(
  { deletions, unsent, tabs, queryClient }: Omit<TasksModel, 'start'>,
  end: () => Promise<unknown>,
  forgetTokens: () => void,
): Promise<void> {
  await deletions.finish();
  await end();
  unsent.clear();
  tabs.signedOut();
  forgetTokens();
  queryClient.clear();
}

/** {@link finishSession} for components. */
export function useFinishSession(): (end: () => Promise<unknown>) => Promise<void> {
  const model = useTasksModel();
  return (end) => finishSession(model, end, forgetToken);
}
