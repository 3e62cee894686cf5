import type { Words } from '../errors/words.ts';

/** What a person enters. */
export interface TaskInput {
  readonly title: string;
  readonly description?: string | null;
}

/** An addition that the service does not have yet, as it is kept. */
export interface UnsentItem {
  readonly id: string;
  /** The same for each try, so that there is one task in the end. */
  readonly idempotencyKey: string;
  readonly title: string;
  readonly description: string | null;
  /** Milliseconds since 1970; no two are the same. */
  readonly addedAt: number;
  /** When it was first sent, if nobody knows what came of that. */
  readonly triedAt?: number | undefined;
  /** Why the service does not take it. */
  readonly refusal?: Words | undefined;
}

/** An addition as it is shown. */
export interface UnsentTask extends UnsentItem {
  readonly state: 'waiting' | 'sending' | 'refused';
}

/** Whether the service has it not, for certain: a try whose reply got lost may have made a task. */
export function canDiscard({ state, triedAt }: UnsentTask): boolean {
  return state === 'refused' || (state === 'waiting' && triedAt === undefined);
}

/** 128 random bits in hexadecimal digits; `crypto.randomUUID` is missing from pages without TLS. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** An item from its text; undefined when it is none, as after somebody's tinkering. */
export function parseItem(text: string): UnsentItem | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isItem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isItem(value: unknown): value is UnsentItem {
  if (typeof value !== 'object' || value === null) return false;
  const item = value as Partial<Record<keyof UnsentItem, unknown>>;
  const { id, idempotencyKey, title, description, addedAt, triedAt, refusal } = item;
  return (
    [id, idempotencyKey, title].every((text) => typeof text === 'string') &&
    (description === null || typeof description === 'string') &&
    Number.isFinite(addedAt) &&
    (triedAt === undefined || Number.isFinite(triedAt)) &&
    (refusal === undefined || isWords(refusal))
  );
}

function isWords(value: unknown): value is Words {
  if (typeof value !== 'object' || value === null) return false;
  const { title, detail } = value as Partial<Record<keyof Words, unknown>>;
  return typeof title === 'string' && (detail === undefined || typeof detail === 'string');
}
