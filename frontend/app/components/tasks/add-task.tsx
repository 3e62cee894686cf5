'use client';

import { NotebookPen } from 'lucide-react';
import { useId, useRef, useState, type SubmitEvent } from 'react';
import { flushSync } from 'react-dom';
import { quoted } from '../../lib/format.ts';
import { isSameInput } from '../../lib/tasks/task-input.ts';
import { useAddTasks } from '../../lib/tasks/use-changes.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { announce } from './announcer.tsx';
import { DetailFields, TitleField } from './draft-fields.tsx';
import { draftInput, EMPTY_DRAFT } from './task-draft.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { focusField, useTaskDraft } from './use-task-draft.ts';

/** The form to add tasks. The focus stays in it, to add several tasks one after another. */
export function AddTask() {
  const add = useAddTasks();
  const state = useTaskDraft();
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
    const input = state.check(event.currentTarget);
    if (!input) return;
    add(input);
    announce(`Added ${quoted(input.title)}`);
    state.reset();
    setOpen(false);
    focusField(event.currentTarget, 'title');
  }
  function showDetails(form: HTMLFormElement | null) {
    flushSync(() => {
      setOpen(true);
    });
    focusField(form, 'description');
  }
  const hasDetails = !isSameInput(
    draftInput({ ...state.draft, title: '' }),
    draftInput(EMPTY_DRAFT),
  );
  return (
    <form
      ref={form}
      onSubmit={submit}
      noValidate
      onKeyDown={({ key, nativeEvent }) => {
        // Leaves the form, so that keys are shortcuts again.
        if (key !== 'Escape' || nativeEvent.isComposing) return;
        if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
      }}
      className="flex flex-col gap-3 rounded-card border border-line bg-surface p-3 shadow-card sm:p-4"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 grow">
          <TitleField
            state={state}
            label="New task"
            labelHidden
            placeholder="Add a task"
            onShowDetails={showDetails}
            trailing={
              <IconButton
                label="Details of the new task"
                tooltip="Details"
                aria-expanded={open}
                aria-controls={open ? detailsId : undefined}
                onClick={({ currentTarget }) => {
                  // Details that would be sent stay visible.
                  if (open && !hasDetails) setOpen(false);
                  else showDetails(currentTarget.form);
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
        <div id={detailsId} className="flex flex-col gap-3">
          <DetailFields state={state} />
        </div>
      )}
    </form>
  );
}
