'use client';

import { NotebookPen } from 'lucide-react';
import { useId, useRef, useState, type SubmitEvent } from 'react';
import { flushSync } from 'react-dom';
import { quoted } from '../../lib/tasks/failure.ts';
import { useAddTask } from '../../lib/tasks/use-changes.ts';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { announce } from './announcer.tsx';
import { DetailsField, TitleField } from './draft-fields.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { focusField, useTaskDraft } from './use-task-draft.ts';

/** Where tasks are added, one after another: the focus stays. */
export function AddTask() {
  const add = useAddTask();
  const draft = useTaskDraft();
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  const form = useRef<HTMLFormElement>(null);
  useShortcuts({
    add() {
      focusField(form.current, 'title');
    },
  });

  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    const input = draft.check(event.currentTarget);
    if (!input) return;
    add(input);
    announce(`Added ${quoted(input.title)}`);
    draft.reset();
    setOpen(false);
    focusField(event.currentTarget, 'title');
  }
  function writeDetails(form: HTMLFormElement | null) {
    flushSync(() => {
      setOpen(true);
    });
    focusField(form, 'description');
  }
  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      onKeyDown={({ key, nativeEvent }) => {
        // From here on keys are shortcuts again.
        if (key !== 'Escape' || nativeEvent.isComposing) return;
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      }}
      className="flex flex-col gap-3 rounded-card border border-line bg-surface p-3 shadow-card sm:p-4"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 grow">
          <TitleField
            draft={draft}
            label="New task"
            labelHidden
            placeholder="Add a task"
            onWantDetails={writeDetails}
            trailing={
              <IconButton
                label="Details of the new task"
                tooltip="Details"
                aria-expanded={open}
                aria-controls={open ? detailsId : undefined}
                onClick={({ currentTarget }) => {
                  // What would be sent stays to be seen.
                  if (open && draft.text.description === '') setOpen(false);
                  else writeDetails(currentTarget.form);
                }}
              >
                <NotebookPen aria-hidden size={20} />
              </IconButton>
            }
          />
        </div>
        <Button type="submit">Add</Button>
      </div>
      {open && (
        <div id={detailsId}>
          <DetailsField draft={draft} />
        </div>
      )}
    </form>
  );
}
