import { endSession } from '../api/session.ts';
import { deleteOfflineCopy } from '../offline-copy.ts';
import type { TasksModel } from './model.ts';
import { useTasksModel } from './provider.ts';

/**
 * Ends the session of a user: finishes waiting deletions, calls `end`, and clears everything that this browser has stored about the
 * user, including drafts and the queue of unsent tasks (ask the user first). Other tabs are redirected to the sign-in page. The caller then has
 * to load another page.
 *
 * @param end signs out or deletes the account
 * @param clearBrowser clears what the browser has stored outside the model
 * @throws the error of a deletion or of `end`; then the session continues
 */
export async function finishSession(
  { deletions, drafts, unsent, saved, tabs, queryClient }: Omit<TasksModel, 'start'>,
  end: () => Promise<unknown>,
  clearBrowser: () => Promise<unknown>,
): Promise<void> {
  await deletions.finish();
  await end();
  unsent.clear();
  drafts.clear();
  await saved.clear();
  tabs.postSignedOut();
  await clearBrowser();
  queryClient.clear();
}

/** {@link finishSession} for components. */
export function useFinishSession(): (end: () => Promise<unknown>) => Promise<void> {
  const model = useTasksModel();
  return (end) => finishSession(model, () => endSession(end), deleteOfflineCopy);
}
