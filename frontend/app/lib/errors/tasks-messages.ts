import type { TasksError } from '@tasks-api/client';
import type { TaskInput } from '../tasks/task-input.ts';
import {
  OUTDATED,
  SIGN_IN_AGAIN,
  unreachableMessage,
  type ErrorMessage,
  type FieldName,
} from './error-message.ts';

const UNAVAILABLE: ErrorMessage = {
  title: 'The service is temporarily unavailable',
  detail: 'Try again in a moment.',
  action: 'retry',
};
const RATE_LIMITED: ErrorMessage = {
  title: 'Too many requests',
  detail: 'Wait a minute, then try again.',
  action: 'retry',
};

/** The message for an error of the service: by its code, or by its status if the code is newer than this application. */
export function tasksMessage(error: TasksError): ErrorMessage {
  switch (error.code) {
    case 'network-error':
      return unreachableMessage();
    case 'timeout':
      return { ...UNAVAILABLE, title: 'The request timed out' };
    case 'not-authenticated':
    case 'invalid-token':
    case 'token-expired':
      return { ...SIGN_IN_AGAIN, title: 'Your session has expired' };
    case 'access-forbidden':
      return { title: 'You do not have access to this' };
    case 'not-found':
      return { title: 'This task no longer exists', detail: 'It was deleted elsewhere.' };
    case 'precondition-failed':
      return {
        title: 'This task was changed elsewhere',
        detail: 'Compare the two versions and choose one.',
      };
    case 'body-too-large':
      return { title: 'The text is too long', detail: 'Shorten it and try again.' };
    case 'validation-error':
      return validationMessage(error);
    case 'invalid-cursor':
      return {
        title: 'More tasks could not be loaded',
        detail: 'Reload the list.',
        action: 'retry',
      };
    case 'malformed-request':
    case 'method-not-allowed':
    case 'unsupported-media-type':
    case 'idempotency-key-reused':
      return OUTDATED;
    case 'internal-error':
      return internalErrorMessage(error.requestId);
    case 'rate-limited':
      return RATE_LIMITED;
    case 'unavailable':
      return UNAVAILABLE;
    case 'unexpected-reply':
      return messageByStatus(error);
    default:
      return messageByStatus(error satisfies never);
  }
}

function messageByStatus({
  status = 0,
  requestId,
}: Pick<TasksError, 'status' | 'requestId'>): ErrorMessage {
  if (status === 401) return SIGN_IN_AGAIN;
  if (status === 429) return RATE_LIMITED;
  if (status === 500) return internalErrorMessage(requestId);
  return status > 500 ? UNAVAILABLE : OUTDATED;
}

function internalErrorMessage(requestId: string | undefined): ErrorMessage {
  const reference = requestId === undefined ? '' : ` and quote request ID ${requestId}`;
  return {
    title: 'Something went wrong on our side',
    detail: `Try again. If the problem persists, contact the administrator${reference}.`,
    action: 'retry',
  };
}

/** The fields of a task as forms label them. */
const LABELS: Readonly<Record<keyof TaskInput, string>> = {
  title: 'The title',
  description: 'The details',
};

function validationMessage({ errors }: Pick<TasksError, 'errors'>): ErrorMessage {
  const fields: Partial<Record<FieldName, string>> = {};
  for (const { in: part, name, detail } of errors)
    if (part === 'body' && isField(name)) fields[name] = `${LABELS[name]} ${ruleText(detail)}.`;
  const details = Object.values(fields);
  if (details.length === 0) return OUTDATED;
  return { title: 'The task cannot be saved', detail: details.join(' '), fields };
}

function isField(name: string): name is keyof TaskInput {
  return Object.hasOwn(LABELS, name);
}

/** A rule that a user can break, from the service's message for developers. */
function ruleText(detail: string): string {
  const [, limit] = /more than (\d+) characters/.exec(detail) ?? [];
  if (limit !== undefined) return `can be up to ${limit} characters`;
  if (/visible char|fewer than 1 char|is required/.test(detail)) return 'cannot be empty';
  return detail;
}
