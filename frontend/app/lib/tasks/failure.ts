import type { Task } from '@tasks-api/client';
import { isSessionOver } from '../api/api-fetch.ts';
import { messageOf } from '../errors/messages.ts';
import type { Notify } from '../notices.ts';

const LONGEST = 60;

/** A title in quotation marks, cut where it is long. */
export function quoted(title: string): string {
  const characters = [...title.trim()];
  const cut = characters.length > LONGEST ? [...characters.slice(0, LONGEST - 1), '…'] : characters;
  return `“${cut.join('')}”`;
}

/**
 * Tells that a change was not made and is no longer shown, and offers to try again. When the session is over it says nothing,
 * since the page is left.
 *
 * @param done what did not happen, such as `completed`
 */
export function tellFailure(
  notify: Notify,
  { title }: Pick<Task, 'title'>,
  done: string,
  error: unknown,
  retry: () => void,
): void {
  if (isSessionOver(error)) return;
  const words = messageOf(error);
  notify({
    title: `${quoted(title)} could not be ${done}`,
    detail: `${words.title}. It is as it was.`,
    tone: 'error',
    action: words.action === 'retry' ? { label: 'Try again', run: retry } : undefined,
  });
}
