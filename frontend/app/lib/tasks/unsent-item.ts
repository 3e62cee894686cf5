import type { ErrorMessage } from '../errors/error-message.ts';
import type { TaskInput } from './task-input.ts';

/** A new task in the queue, as it is stored until the service has created the task. */
export interface UnsentItem extends TaskInput {
  readonly id: string;
  /** The same for all attempts, so that retries create one task. */
  readonly idempotencyKey: string;
  /** Milliseconds since 1970, different for all items: the order of the queue. */
  readonly addedAt: number;
  /** Milliseconds since 1970: when it was first sent, if the result is not known. */
  readonly triedAt?: number | undefined;
  /** Why the service refused it. */
  readonly refusal?: ErrorMessage | undefined;
}

/** A new task in the queue, as it is shown. */
export interface UnsentTask extends UnsentItem {
  readonly state: 'waiting' | 'sending' | 'refused';
}

/** Whether the service certainly does not have the task. After a lost response it may have it. */
export function canDiscard({ state, triedAt }: UnsentTask): boolean {
  return state === 'refused' || (state === 'waiting' && triedAt === undefined);
}

type Stored<Type> = Partial<Record<keyof Type, unknown>>;

/** Parses a stored item; undefined if it is malformed. */
export function parseItem(text: string): UnsentItem | undefined {
  try {
    const stored = JSON.parse(text) as Stored<UnsentItem>;
    const { id, idempotencyKey, addedAt, triedAt, refusal } = stored;
    return {
      ...readInput(stored),
      id: readText(id),
      idempotencyKey: readText(idempotencyKey),
      addedAt: readNumber(addedAt),
      triedAt: triedAt === undefined ? undefined : readNumber(triedAt),
      refusal: refusal === undefined ? undefined : readMessage(refusal),
    };
  } catch {
    return undefined;
  }
}

/** The input in a stored item. An item that an older version has stored lacks newer fields: give these a default here. */
function readInput({ title, description }: Stored<TaskInput>): TaskInput {
  return {
    title: readText(title),
    description: description === null ? null : readText(description),
  };
}

function readMessage(stored: unknown): ErrorMessage {
  const message = stored as ErrorMessage;
  readText(message.title);
  if (message.detail !== undefined) readText(message.detail);
  return message;
}

function readText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('Not a string');
  return value;
}

function readNumber(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('Not a number');
  return value;
}
