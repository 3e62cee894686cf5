import type { DraftFields } from '../../lib/tasks/drafts.ts';
import { INPUT_FIELDS, type TaskInput } from '../../lib/tasks/task-input.ts';

/** The error messages of the form fields; undefined for a valid field. */
export type DraftErrors = Readonly<Record<keyof TaskInput, string | undefined>>;

/** The contract's length limits, in characters (code points). */
export const TITLE_LIMIT = 200;
export const DESCRIPTION_LIMIT = 1000;

/** The share of a limit from which a counter is shown. */
const COUNTER_FROM = 0.8;

/** The draft of a new task. */
export const EMPTY_DRAFT: DraftFields = { title: '', description: '' };

/** The draft for editing an existing input. */
export function draftOf({ title, description }: TaskInput): DraftFields {
  return { title, description: description ?? '' };
}

/** Whether two drafts have the same texts. */
export function isSameDraft(one: DraftFields, other: DraftFields): boolean {
  return INPUT_FIELDS.every((field) => one[field] === other[field]);
}

/** The input that is sent for a draft: without spaces around the title, and with null for a blank description. */
export function draftInput({ title, description }: DraftFields): TaskInput {
  return {
    title: withoutInvalid(title).trim(),
    description: description.trim() === '' ? null : withoutInvalid(description),
  };
}

/** Checks a draft by the rules of the contract. */
export function draftErrors(draft: DraftFields): DraftErrors {
  const { title, description } = draftInput(draft);
  return { title: titleError(title), description: descriptionError(description ?? '') };
}

/** A visible character, as the contract defines it for titles. */
const VISIBLE =
  /[^\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u{2800}\u{1D159}\u{13441}\u{13442}]/u;

/** The error message for a title; undefined if it is valid. */
export function titleError(title: string): string | undefined {
  if (!VISIBLE.test(title)) return 'Enter a title.';
  return lengthError(title, TITLE_LIMIT, 'Titles');
}

/** The error message for a description; undefined if it is valid. */
export function descriptionError(description: string): string | undefined {
  return lengthError(description, DESCRIPTION_LIMIT, 'Details');
}

/** The counter for a text near its limit; undefined for a shorter text. */
export function counterText(text: string, limit: number): string | undefined {
  const length = lengthOf(text);
  if (length < limit * COUNTER_FROM) return undefined;
  return length > limit ? `${length - limit} over` : `${limit - length} left`;
}

/** The number of characters as the service counts them: code points, so that most emoji count as one. */
export function lengthOf(text: string): number {
  return [...text].length;
}

function lengthError(text: string, limit: number, name: string): string | undefined {
  const excess = lengthOf(text) - limit;
  return excess > 0 ? `${name} can be up to ${limit} characters (${excess} over).` : undefined;
}

/** Removes NUL and unpaired surrogates, which the service rejects. Pasted text can contain them, and they are invisible. */
function withoutInvalid(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
