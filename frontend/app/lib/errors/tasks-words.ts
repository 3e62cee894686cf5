import type { TasksError } from '@tasks-api/client';
import type { FieldName, Words } from './words.ts';

export const SIGN_IN_AGAIN: Words = {
  title: 'You are signed out',
  detail: 'Sign in again to go on.',
  action: 'sign-in',
};
export const UNEXPECTED: Words = {
  title: 'Something went wrong',
  detail: 'Load the page again. If that does not help, tell whoever runs this application.',
  action: 'reload',
};
export const OUTDATED: Words = {
  title: 'This page and the service do not understand each other',
  detail: 'The page may be out of date. Load it again.',
  action: 'reload',
};
const BUSY: Words = {
  title: 'The service cannot answer at the moment',
  detail: 'Try again in a moment.',
  action: 'retry',
};
const TOO_MANY: Words = {
  title: 'That was too much at once',
  detail: 'Wait a minute, then try again.',
  action: 'retry',
};

/** Without a reply: whose line it is, as far as the browser knows. */
export function unreachableWords(): Words {
  return isOffline()
    ? {
        title: 'You are offline',
        detail: 'Try again when you are connected to the internet.',
        action: 'retry',
      }
    : {
        title: 'The service cannot be reached',
        detail: 'Check your connection, then try again.',
        action: 'retry',
      };
}

/** What to say about an error of the service, by its code; by its status when a newer service has a code of its own. */
export function tasksWords(error: TasksError): Words {
  switch (error.code) {
    case 'network-error':
      return unreachableWords();
    case 'timeout':
      return { ...BUSY, title: 'The service takes too long to answer' };
    case 'not-authenticated':
    case 'invalid-token':
    case 'token-expired':
      return {
        title: 'The service does not know who you are any more',
        detail: 'Sign in again to go on.',
        action: 'sign-in',
      };
    case 'access-forbidden':
      return { title: 'This belongs to somebody else' };
    case 'not-found':
      return { title: 'This task does not exist any more', detail: 'It was deleted elsewhere.' };
    case 'precondition-failed':
      return {
        title: 'This task was changed elsewhere meanwhile',
        detail: 'Look at both versions, and choose one.',
      };
    case 'body-too-large':
      return { title: 'This is too long', detail: 'Shorten it, then try again.' };
    case 'validation-error':
      return validationWords(error);
    case 'invalid-cursor':
      return {
        title: 'The list cannot go on from here',
        detail: 'Load it again from its beginning.',
        action: 'retry',
      };
    case 'malformed-request':
    case 'method-not-allowed':
    case 'unsupported-media-type':
    case 'idempotency-key-reused':
      return OUTDATED;
    case 'internal-error':
      return faultWords(error.requestId);
    case 'unavailable':
      return BUSY;
    case 'unexpected-reply':
      return wordsOfStatus(error);
    default:
      return wordsOfStatus(error satisfies never);
  }
}

function wordsOfStatus({ status = 0, requestId }: Pick<TasksError, 'status' | 'requestId'>): Words {
  if (status === 401) return SIGN_IN_AGAIN;
  if (status === 429) return TOO_MANY;
  if (status === 500) return faultWords(requestId);
  return status > 500 ? BUSY : OUTDATED;
}

function faultWords(requestId: string | undefined): Words {
  const named = requestId === undefined ? '' : ` and name the request ${requestId}`;
  return {
    title: 'Something went wrong on our side',
    detail: `Try again. If that does not help, tell whoever runs this application${named}.`,
    action: 'retry',
  };
}

/** The fields of tasks, as forms call them. */
const LABELS: Readonly<Partial<Record<string, string>>> & Record<'title' | 'description', string> =
  {
    title: 'The title',
    description: 'The details',
  };

function validationWords({ errors }: Pick<TasksError, 'errors'>): Words {
  const known = errors.filter(({ in: part, name }) => part === 'body' && name in LABELS);
  if (known.length === 0) return OUTDATED;
  const fields = Object.fromEntries(
    known.map(({ name, detail }) => [name, `${LABELS[name] ?? ''} ${ruleInWords(detail)}.`]),
  ) as Partial<Record<FieldName, string>>;
  return {
    title: 'This cannot be saved as it is',
    detail: Object.values(fields).join(' '),
    fields,
  };
}

/** The rules that people can break, which the service tells to programmers. */
function ruleInWords(detail: string): string {
  const [, most] = /more than (\d+) characters/.exec(detail) ?? [];
  if (most !== undefined) return `can have ${most} characters at most`;
  if (/white space|fewer than 1 char|is required/.test(detail)) return 'cannot be empty';
  return detail;
}

/** As far as the browser knows. */
export function isOffline(): boolean {
  return typeof navigator !== 'undefined' && 'onLine' in navigator && !navigator.onLine;
}
