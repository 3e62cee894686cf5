'use client';

import { useEffect, useRef, type ReactNode, type SubmitEvent } from 'react';
import type { TaskInput } from '../../lib/tasks/task-input.ts';
import { Button } from '../ui/button.tsx';
import { DetailFields, TitleField } from './draft-fields.tsx';
import { focusField, type TaskDraftState } from './use-task-draft.ts';

/** The form to edit a task in its place in the list. Enter saves, Esc cancels. With `autoFocus`, the title gets the focus. */
export function TaskForm({
  name,
  state,
  saveLabel = 'Save',
  saving = false,
  needsConnection = false,
  autoFocus,
  onSave,
  onCancel,
  children,
}: {
  /** The accessible name. */
  readonly name: string;
  readonly state: TaskDraftState;
  readonly saveLabel?: string;
  readonly saving?: boolean;
  /** Whether saving does not work offline. */
  readonly needsConnection?: boolean;
  readonly autoFocus: boolean;
  readonly onSave: (input: TaskInput) => void;
  readonly onCancel: () => void;
  /** An error message. */
  readonly children?: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (autoFocus) focusField(form.current, 'title');
  }, [autoFocus]);

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (saving) return;
    const input = state.check(event.currentTarget);
    if (input) onSave(input);
  }
  // While saving, the form stays open: the request cannot be cancelled, and an error has to be shown.
  function cancel() {
    if (!saving) onCancel();
  }
  return (
    <form
      ref={form}
      aria-label={name}
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        // Input methods use Esc themselves.
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        cancel();
      }}
      className="flex flex-col gap-3 px-2 py-4"
    >
      <TitleField
        state={state}
        label="Title"
        onShowDetails={(form) => {
          focusField(form, 'description');
        }}
      />
      <DetailFields state={state} />
      {children}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" pending={saving} needsConnection={needsConnection}>
          {saveLabel}
        </Button>
        <Button variant="quiet" size="sm" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
