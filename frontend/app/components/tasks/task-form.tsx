'use client';

import { useEffect, useRef, type ReactNode, type SubmitEvent } from 'react';
import type { TaskEdit } from '../../lib/tasks/editing.ts';
import { Button } from '../ui/button.tsx';
import { DetailsField, TitleField } from './draft-fields.tsx';
import { focusField, type TaskDraft } from './use-task-draft.ts';

/** The fields of a task in its place in the list. Enter saves, Esc leaves it as it was. */
export function TaskForm({
  name,
  draft,
  saveLabel = 'Save',
  saving = false,
  onSave,
  onCancel,
  children,
}: {
  /** What the form is for, for screen readers. */
  readonly name: string;
  readonly draft: TaskDraft;
  readonly saveLabel?: string;
  readonly saving?: boolean;
  readonly onSave: (input: TaskEdit) => void;
  readonly onCancel: () => void;
  /** What went wrong. */
  readonly children?: ReactNode;
}) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    focusField(form.current, 'title');
  }, []);

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (saving) return;
    const input = draft.check(event.currentTarget);
    if (input) onSave(input);
  }
  // What is on its way cannot be called back, and a failure has to be seen.
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
        // Input methods have their own use for it.
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        cancel();
      }}
      className="flex flex-col gap-3 px-2 py-4"
    >
      <TitleField
        draft={draft}
        label="Title"
        onWantDetails={(form) => {
          focusField(form, 'description');
        }}
      />
      <DetailsField draft={draft} />
      {children}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm" pending={saving}>
          {saveLabel}
        </Button>
        <Button variant="quiet" size="sm" onClick={cancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
