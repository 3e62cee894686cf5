import { Toast } from '@base-ui/react/toast';
import type { Task } from '@tasks-api/client';
import { isSessionEnded } from './api/session-ended-error.ts';
import { messageOf } from './errors/message-of.ts';
import { quoted } from './format.ts';

interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
  /** Whether it does not work offline. By default it does. */
  readonly needsConnection?: (() => boolean) | undefined;
}

/** A notice (toast): what it says, and the action that it offers. */
export interface Notice {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone: 'info' | 'error';
  readonly action?: NoticeAction | undefined;
  /** Milliseconds until it closes by itself; pauses while it is hovered or focused. 0: never. Default: 6,000, for errors 0. */
  readonly timeout?: number | undefined;
  /** Closes it when the connection is back. */
  readonly untilOnline?: boolean | undefined;
  /** Called once when it closes, for whatever reason. */
  readonly onClose?: (() => void) | undefined;
}

/** The component reads this from `toast.data`. Title, detail and tone are the toast's `title`, `description` and `type`. */
export type NoticeData = Pick<Notice, 'action'>;

/** The notices that are open. The component `Notices` shows them. */
export const noticeManager = Toast.createToastManager<NoticeData>();

const TIMEOUT_MS = 6_000;

/** Closes the notices that no longer apply when the connection is back. */
const closeWhenOnline = new Set<() => void>();

/** Reports that the connection is back. */
export function closeConnectionNotices(): void {
  for (const close of closeWhenOnline) close();
  closeWhenOnline.clear();
}

/**
 * Shows a notice. Can be called from anywhere, not only from components.
 *
 * @returns a function that closes it
 */
export function notify({
  title,
  detail,
  tone,
  action,
  timeout,
  untilOnline = false,
  onClose,
}: Notice): () => void {
  const id = noticeManager.add({
    title,
    ...(detail !== undefined && { description: detail }),
    type: tone,
    timeout: timeout ?? (tone === 'error' ? 0 : TIMEOUT_MS),
    ...(onClose && { onClose }),
    data: { action },
  });
  const close = () => {
    noticeManager.close(id);
  };
  if (untilOnline) closeWhenOnline.add(close);
  return close;
}

/** The type of {@link notify}, which tests replace. */
export type Notify = typeof notify;

/**
 * Shows a notice that a change of a task failed and was rolled back, with a button to retry where that can help. It shows nothing
 * when the session has ended, because the page is left.
 *
 * @param action what failed, as a past participle such as `completed`
 */
export function notifyFailure(
  notify: Notify,
  { title }: Pick<Task, 'title'>,
  action: string,
  error: unknown,
  retry: () => void,
): void {
  if (isSessionEnded(error)) return;
  const message = messageOf(error);
  notify({
    title: `${quoted(title)} could not be ${action}`,
    detail: `${message.title}. The change was undone.`,
    tone: 'error',
    untilOnline: message.untilOnline,
    action:
      message.action === 'retry'
        ? { label: 'Try again', run: retry, needsConnection: () => true }
        : undefined,
  });
}
