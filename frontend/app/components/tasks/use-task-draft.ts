import { useState } from 'react';
import { flushSync } from 'react-dom';
import { INPUT_FIELDS, type TaskInput } from '../../lib/tasks/task-input.ts';
import { announce } from './announcer.tsx';
import {
  draftErrors,
  draftInput,
  EMPTY_DRAFT,
  type DraftErrors,
  type TaskDraft,
} from './task-draft.ts';

/** The state of a task form. */
export interface TaskDraftState {
  readonly draft: TaskDraft;
  /** The error messages, from the first attempt to submit an invalid draft on. */
  readonly errors: Partial<DraftErrors>;
  readonly change: (fields: Partial<TaskDraft>) => void;
  /** Restores the initial draft. */
  readonly reset: () => void;
  /** Returns the input to send. If the draft is invalid, it focuses the first invalid field and returns undefined. */
  readonly check: (form: HTMLFormElement) => TaskInput | undefined;
}

export function useTaskDraft(initial: TaskDraft = EMPTY_DRAFT): TaskDraftState {
  const [draft, setDraft] = useState(initial);
  const [showErrors, setShowErrors] = useState(false);
  const errors = draftErrors(draft);
  return {
    draft,
    errors: showErrors ? errors : {},
    change(fields) {
      setDraft((current) => ({ ...current, ...fields }));
    },
    reset() {
      setDraft(initial);
      setShowErrors(false);
    },
    check(form) {
      const invalid = INPUT_FIELDS.find((field) => errors[field] !== undefined);
      // Render the error before moving the focus, so that screen readers read it with the field.
      flushSync(() => {
        setShowErrors(invalid !== undefined);
      });
      if (!invalid) return draftInput(draft);
      focusField(form, invalid);
      // Screen readers do not read the error if the field had the focus already.
      announce(errors[invalid] ?? '');
      return undefined;
    },
  };
}

/** Moves the focus to a field of a form. */
export function focusField(form: HTMLFormElement | null, name: keyof TaskInput): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}
