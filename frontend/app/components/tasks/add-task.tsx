'use client';

import { NotebookPen } from 'lucide-react';
import { useEffect, useEffectEvent, useId, useRef, useState, type SubmitEvent } from 'react';
import { flushSync } from 'react-dom';
import { quoted } from '../../lib/format.ts';
import { NEW_TASK } from '../../lib/tasks/drafts.ts';
import { useAddTasks } from '../../lib/tasks/use-changes.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { announce } from '../ui/announcer.tsx';
import { DetailFields, TitleField } from './draft-fields.tsx';
import { draftInput, EMPTY_DRAFT, isSameDraft } from './task-draft.ts';
import { usePastedLines } from './use-pasted-lines.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { focusField, useTaskDraft } from './use-task-draft.ts';

/** The form to add tasks. The focus stays in it, to add several tasks one after another. */
export function AddTask() {
  const add = useAddTasks();
  const state = useTaskDraft(NEW_TASK, EMPTY_DRAFT);
  const { titles, onPaste } = usePastedLines(state.draft.title);
  const [wantsDetails, setWantsDetails] = useState(false);
  const detailsId = useId();
  const form = useRef<HTMLFormElement>(null);
  const keepEntered = useEffectEvent(() => {
    const field = form.current?.elements.namedItem('title');
    if (field instanceof HTMLInputElement && field.value !== state.draft.title) {
      state.change({ title: field.value });
    }
  });
  useEffect(() => {
    // The next rendering would discard what was entered before the scripts were loaded.
    keepEntered();
  }, []);
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
    setWantsDetails(false);
    focusField(event.currentTarget, 'title');
  }
  function addLines() {
    add(...titles.map((title) => draftInput({ ...EMPTY_DRAFT, title })));
    state.change({ title: '' });
    focusField(form.current, 'title');
  }
  function showDetails(form: HTMLFormElement | null) {
    flushSync(() => {
      setWantsDetails(true);
    });
    focusField(form, 'description');
  }
  // Details that would be sent stay visible.
  const hasDetails = !isSameDraft({ ...state.draft, title: '' }, EMPTY_DRAFT);
  const open = hasDetails || wantsDetails;
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
      className="flex flex-col gap-3 rounded-card border border-line bg-surface p-2 shadow-card sm:p-4"
    >
      <div className="flex items-start gap-2">
        <div className="min-w-0 grow">
          <TitleField
            state={state}
            label="New task"
            labelHidden
            placeholder="Add a task"
            onShowDetails={showDetails}
            onPaste={onPaste}
            trailing={
              <IconButton
                label="Details of the new task"
                tooltip="Details"
                aria-expanded={open}
                aria-controls={open ? detailsId : undefined}
                onClick={({ currentTarget }) => {
                  if (open && !hasDetails) setWantsDetails(false);
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
      {titles.length > 0 && (
        <div className="flex flex-wrap items-center justify-between gap-2 text-sm">
          <p>You pasted {titles.length} lines.</p>
          <Button variant="secondary" size="sm" onClick={addLines}>
            Add {titles.length} tasks
          </Button>
        </div>
      )}
      {open && (
        <div
          id={detailsId}
          className="flex flex-col gap-3"
          onFocus={() => {
            // They stay open when their text is deleted.
            setWantsDetails(true);
          }}
        >
          <DetailFields state={state} />
        </div>
      )}
    </form>
  );
}
