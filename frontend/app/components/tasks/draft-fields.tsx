'use client';

import type { ClipboardEvent, ComponentType, KeyboardEvent, ReactNode } from 'react';
import type { TaskInput } from '../../lib/tasks/task-input.ts';
import { TextArea, TextField } from '../ui/field.tsx';
import { counterText, DESCRIPTION_LIMIT, TITLE_LIMIT } from './task-draft.ts';
import type { TaskDraftState } from './use-task-draft.ts';

interface FieldProps {
  readonly state: TaskDraftState;
}

/** The title of a draft. Enter submits the form; Shift+Enter calls `onShowDetails`. */
export function TitleField({
  state: { draft, errors, change },
  label,
  labelHidden = false,
  placeholder,
  trailing,
  onShowDetails,
  onPaste,
}: FieldProps & {
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly placeholder?: string;
  /** A button at the end of the field. */
  readonly trailing?: ReactNode;
  readonly onShowDetails: (form: HTMLFormElement | null) => void;
  readonly onPaste?: (event: ClipboardEvent<HTMLInputElement>) => void;
}) {
  return (
    <TextField
      name="title"
      label={label}
      labelHidden={labelHidden}
      dir="auto"
      autoComplete="off"
      enterKeyHint="done"
      placeholder={placeholder}
      trailing={trailing}
      value={draft.title}
      error={errors.title}
      hint={errors.title === undefined && counterText(draft.title, TITLE_LIMIT)}
      onPaste={onPaste}
      onChange={({ currentTarget }) => {
        change({ title: currentTarget.value });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !event.shiftKey) return;
        event.preventDefault();
        onShowDetails(event.currentTarget.form);
      }}
    />
  );
}

/** The details of a draft. Enter inserts a line break; Ctrl+Enter or ⌘+Enter submits the form. */
function DescriptionField({ state: { draft, errors, change } }: FieldProps) {
  return (
    <TextArea
      name="description"
      label="Details"
      dir="auto"
      value={draft.description}
      error={errors.description}
      hint={errors.description === undefined && counterText(draft.description, DESCRIPTION_LIMIT)}
      onChange={({ currentTarget }) => {
        change({ description: currentTarget.value });
      }}
      onKeyDown={submitOnModifiedEnter}
    />
  );
}

/** The fields below the title, in their order. */
const DETAIL_FIELDS: Readonly<
  Record<Exclude<keyof TaskInput, 'title'>, ComponentType<FieldProps>>
> = { description: DescriptionField };

/** All fields of a draft except the title. */
export function DetailFields({ state }: FieldProps) {
  return Object.entries(DETAIL_FIELDS).map(([name, Field]) => <Field key={name} state={state} />);
}

function submitOnModifiedEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  // Not `requestSubmit`, because the button knows whether the form can be submitted.
  event.currentTarget.form?.querySelector<HTMLElement>('[type=submit]')?.click();
}
