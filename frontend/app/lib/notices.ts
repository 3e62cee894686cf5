import { Toast } from '@base-ui/react/toast';

/** What a notice says, and what can be done about it. */
export interface Notice {
  readonly title: string;
  readonly detail?: string | undefined;
  readonly tone: 'info' | 'error';
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** Milliseconds until it goes by itself, counted while nobody points at it; 0 for never. 6,000 unless given, 0 for errors. */
  readonly timeout?: number | undefined;
  /** Called once when it goes, however it goes. */
  readonly onGone?: (() => void) | undefined;
}

/** What the component finds in `toast.data`; title and detail are the toast's `title` and `description`, the tone its `type`. */
export type NoticeData = Pick<Notice, 'action'>;

/** The notices that there are; the component shows them. */
export const noticeManager = Toast.createToastManager<NoticeData>();

const TIMEOUT_MS = 6_000;

/**
 * Shows a notice, from wherever.
 *
 * @returns what takes it away
 */
export function notify({ title, detail, tone, action, timeout, onGone }: Notice): () => void {
  const id = noticeManager.add({
    title,
    ...(detail !== undefined && { description: detail }),
    type: tone,
    timeout: timeout ?? (tone === 'error' ? 0 : TIMEOUT_MS),
    ...(onGone && { onClose: onGone }),
    data: { action },
  });
  return () => {
    noticeManager.close(id);
  };
}

/** How `notify` is called; tests and the modules that tell of things take it as it is. */
export type Notify = typeof notify;
