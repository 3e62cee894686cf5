import type { TaskEdit } from '../../lib/tasks/editing.ts';
import { descriptionProblem, titleProblem } from './text-limits.ts';

/** What stands in the fields of a task, whose names these are. */
export interface DraftText {
  readonly title: string;
  readonly description: string;
}

/** What is wrong with the fields, for who fills them in. */
export function problemsOf(text: DraftText): Partial<DraftText> {
  const { title, description } = inputOf(text);
  const ofTitle = titleProblem(title);
  const ofDescription = descriptionProblem(description ?? '');
  return {
    ...(ofTitle !== undefined && { title: ofTitle }),
    ...(ofDescription !== undefined && { description: ofDescription }),
  };
}

/** What is sent: nobody wants the space around a title, nor details that are nothing but space. */
export function inputOf({ title, description }: DraftText): TaskEdit {
  return {
    title: storable(title).trim(),
    description: description.trim() === '' ? null : storable(description),
  };
}

/** Without NUL and halves of characters: pasting can bring them along, nobody sees them, and the service refuses them. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed();
}
