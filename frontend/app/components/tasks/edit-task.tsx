'use client';

import type { Task } from '@tasks-api/client';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ErrorMessage } from '../../lib/errors/error-message.ts';
import { quoted } from '../../lib/format.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import type { UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useUnsent } from '../../lib/tasks/use-tasks.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { draftOf } from './task-draft.ts';
import { TaskForm } from './task-form.tsx';
import { useSaving } from './use-saving.ts';
import { useTaskDraft, type TaskDraftState } from './use-task-draft.ts';

/** How long a notice offers to restore what was discarded. */
const UNDO_MS = 10_000;

interface FormProps {
  readonly autoFocus: boolean;
  readonly onClose: () => void;
  /** Opens the form again after it was closed. */
  readonly onReopen: () => void;
}

/** Edits a task in its place in the list. */
export function EditTask({ task, autoFocus, ...form }: FormProps & { readonly task: Task }) {
  // The version that the user edits, although the list may be refetched.
  const [opened] = useState(task);
  const draft = useTaskDraft(opened.id, draftOf(opened), opened);
  const { close, discard } = useClosing(opened.id, opened.title, draft, form);
  const { state, ...saving } = useSaving(opened, close);
  const conflict = 'conflict' in state ? state.conflict : undefined;
  return (
    <>
      <TaskForm
        name={`Edit “${opened.title}”`}
        state={draft}
        saveLabel={state.kind === 'deleted' ? 'Add as new task' : 'Save'}
        saving={state.kind === 'saving'}
        // A new task can be sent later.
        needsConnection={state.kind !== 'deleted'}
        autoFocus={autoFocus}
        onSave={(input) => void saving.save(input)}
        onCancel={discard}
      >
        {(state.kind === 'failed' || state.kind === 'deleted') && (
          <Failure message={state.message} />
        )}
      </TaskForm>
      {conflict && (
        <ConflictDialog
          mine={conflict.mine}
          theirs={conflict.theirs}
          wasCompleted={opened.completed}
          saving={state.kind === 'saving'}
          onKeepMine={() => void saving.keepMine(conflict)}
          onTakeTheirs={() => {
            discard();
            saving.takeTheirs(conflict);
          }}
          onBack={saving.reset}
        />
      )}
    </>
  );
}

/** Edits an unsent task that was refused, and sends it again. */
export function EditUnsent({
  item,
  autoFocus,
  ...form
}: FormProps & { readonly item: UnsentTask }) {
  const unsent = useUnsent();
  const draft = useTaskDraft(item.id, draftOf(item));
  const { close, discard } = useClosing(item.id, item.title, draft, form);
  return (
    <TaskForm
      name={`Edit “${item.title}”`}
      state={draft}
      saveLabel="Save and send"
      autoFocus={autoFocus}
      onSave={(input) => {
        unsent.edit(item.id, input);
        close();
      }}
      onCancel={discard}
    />
  );
}

/** The ways to close a form: after saving, or by discarding what was entered, which can be undone. */
function useClosing(
  name: string,
  title: string,
  { isChanged, reset }: TaskDraftState,
  { onClose, onReopen }: Omit<FormProps, 'autoFocus'>,
): { readonly close: () => void; readonly discard: () => void } {
  const { drafts, history } = useTasksModel();
  const close = () => {
    reset();
    onClose();
  };
  return {
    close,
    discard() {
      const draft = drafts.get().get(name);
      close();
      if (!draft || !isChanged) return;
      history.add({
        text: `Changes to ${quoted(title)} discarded`,
        undo() {
          drafts.put(name, draft);
          onReopen();
          return true;
        },
        notice: { timeout: UNDO_MS },
      });
    },
  };
}

function Failure({ message: { title, detail } }: { readonly message: ErrorMessage }) {
  return (
    <div role="alert" className="flex gap-3 rounded-control bg-danger-soft p-3 text-sm">
      <CircleAlert aria-hidden size={20} className="shrink-0 text-danger" />
      <div>
        <p className="font-medium">{title}</p>
        {detail && <p>{detail}</p>}
      </div>
    </div>
  );
}
