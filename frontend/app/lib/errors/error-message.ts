import type { TaskInput } from '../tasks/task-input.ts';

/** An error as it is shown to a user. */
export interface ErrorMessage {
  /** A sentence without its full stop. */
  readonly title: string;
  /** What the error means or what to do about it, in whole sentences. */
  readonly detail?: string | undefined;
  /** What helps: to retry, to sign in, or to reload the page. */
  readonly action?: 'retry' | 'sign-in' | 'reload' | undefined;
  /** Whether it is about a lost connection, so that it no longer applies when that is back. */
  readonly untilOnline?: true | undefined;
  /** Messages for single form fields. */
  readonly fields?: Readonly<Partial<Record<FieldName, string>>> | undefined;
}

/** The names of form fields. `password` is also a new password; `currentPassword` confirms an account's existing one. */
export type FieldName = keyof TaskInput | 'name' | 'email' | 'password' | 'currentPassword';

export const SIGN_IN_AGAIN: ErrorMessage = {
  title: 'You are signed out',
  detail: 'Sign in again to continue.',
  action: 'sign-in',
};
export const UNEXPECTED: ErrorMessage = {
  title: 'Something went wrong',
  detail: 'Reload the page. If the problem persists, contact the administrator.',
  action: 'reload',
};
/** For a page that was built for another version of the application or of the service. */
export const OUTDATED: ErrorMessage = {
  title: 'This page may be out of date',
  detail: 'Reload the page and try again.',
  action: 'reload',
};

/** The message for a request without a response: the browser is offline, or the service is unreachable. */
export function unreachableMessage(): ErrorMessage {
  return isOffline()
    ? {
        title: 'You are offline',
        detail: 'Check your internet connection and try again.',
        action: 'retry',
        untilOnline: true,
      }
    : {
        title: 'The service cannot be reached',
        detail: 'Check your connection and try again.',
        action: 'retry',
        untilOnline: true,
      };
}

/** Whether the browser reports that it is offline; false on the server. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}
