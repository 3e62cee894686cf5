'use client';

import type { KeyboardEvent, ReactNode } from 'react';
import { TextArea } from '../ui/text-area.tsx';
import { TextField } from '../ui/text-field.tsx';
import { DESCRIPTION_LIMIT, roomLeft, TITLE_LIMIT } from './text-limits.ts';
import type { TaskDraft } from './use-task-draft.ts';

/** The title of a draft. Enter sends its form; Shift and Enter leads on to the details. */
export function TitleField({
  draft: { text, problems, change },
  label,
  labelHidden = false,
  placeholder,
  trailing,
  onWantDetails,
}: {
  readonly draft: TaskDraft;
  readonly label: string;
  readonly labelHidden?: boolean;
  readonly placeholder?: string;
  /** A button at its end. */
  readonly trailing?: ReactNode;
  readonly onWantDetails: (form: HTMLFormElement | null) => void;
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
      value={text.title}
      error={problems.title}
      hint={problems.title === undefined && roomLeft(text.title, TITLE_LIMIT)}
      onChange={({ currentTarget }) => {
        change({ title: currentTarget.value });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !event.shiftKey) return;
        event.preventDefault();
        onWantDetails(event.currentTarget.form);
      }}
    />
  );
}

/** The details of a draft. Enter is a new line there; with Ctrl or ⌘ it sends the form. */
export function DetailsField({ draft: { text, problems, change } }: { readonly draft: TaskDraft }) {
  return (
    <TextArea
      name="description"
      label="Details"
      dir="auto"
      value={text.description}
      error={problems.description}
      hint={problems.description === undefined && roomLeft(text.description, DESCRIPTION_LIMIT)}
      onChange={({ currentTarget }) => {
        change({ description: currentTarget.value });
      }}
      onKeyDown={submitByEnter}
    />
  );
}

function submitByEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}
