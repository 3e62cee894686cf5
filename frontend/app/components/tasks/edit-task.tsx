'use client';

import type { Task } from '@tasks-api/client';
import { CircleAlert } from 'lucide-react';
import { useState } from 'react';
import type { ErrorMessage } from '../../lib/errors/error-message.ts';
import type { UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useUnsent } from '../../lib/tasks/use-tasks.ts';
import { ConflictDialog } from './conflict-dialog.tsx';
import { draftOf } from './task-draft.ts';
import { TaskForm } from './task-form.tsx';
import { useSaving } from './use-saving.ts';
import { useTaskDraft } from './use-task-draft.ts';

/** Edits a task in its place in the list. */
export function EditTask({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) {
  // The version that the user edits, although the list may be refetched.
  const [opened] = useState(task);
  const draft = useTaskDraft(draftOf(opened));
  const { state, ...saving } = useSaving(opened, onClose);
  const conflict = 'conflict' in state ? state.conflict : undefined;
  return (
    <>
      <TaskForm
        name={`Edit “${opened.title}”`}
        state={draft}
        saveLabel={state.kind === 'deleted' ? 'Add as new task' : 'Save'}
        saving={state.kind === 'saving'}
        onSave={(input) => void saving.save(input)}
        onCancel={onClose}
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
  onClose,
}: {
  readonly item: UnsentTask;
  readonly onClose: () => void;
}) {
  const unsent = useUnsent();
  const draft = useTaskDraft(draftOf(item));
  return (
    <TaskForm
      name={`Edit “${item.title}”`}
      state={draft}
      saveLabel="Save and send"
      onSave={(input) => {
        unsent.edit(item.id, input);
        onClose();
      }}
      onCancel={onClose}
    />
  );
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
