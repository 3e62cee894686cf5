import type { Task } from '@tasks-api/client';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from '../../lib/store.ts';
import type { DraftFields } from '../../lib/tasks/drafts.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import { INPUT_FIELDS, type TaskInput } from '../../lib/tasks/task-input.ts';
import { announce } from '../ui/announcer.tsx';
import { draftErrors, draftInput, isSameDraft, type DraftErrors } from './task-draft.ts';

/** The state of a task form. */
export interface TaskDraftState {
  readonly draft: DraftFields;
  /** Whether the draft differs from the initial one. */
  readonly isChanged: boolean;
  /** The error messages, from the first attempt to submit an invalid draft on. */
  readonly errors: Partial<DraftErrors>;
  readonly change: (fields: Partial<DraftFields>) => void;
  /** Restores the initial draft. */
  readonly reset: () => void;
  /** Returns the input to send. If the draft is invalid, it focuses the first invalid field and returns undefined. */
  readonly check: (form: HTMLFormElement) => TaskInput | undefined;
}

/**
 * The state of a task form. What was entered is stored until it is reset.
 *
 * @param name the name of the draft
 * @param task the task that is edited, if the service has it
 */
export function useTaskDraft(name: string, initial: DraftFields, task?: Task): TaskDraftState {
  const { drafts } = useTasksModel();
  const draft = useStore(drafts).get(name)?.fields ?? initial;
  const [showErrors, setShowErrors] = useState(false);
  const errors = draftErrors(draft);
  return {
    draft,
    isChanged: !isSameDraft(draft, initial),
    errors: showErrors ? errors : {},
    change(fields) {
      drafts.put(name, { fields: { ...draft, ...fields }, task });
    },
    reset() {
      drafts.remove(name);
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
