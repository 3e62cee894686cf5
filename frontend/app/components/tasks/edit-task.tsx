'use client';

import { CircleAlert } from 'lucide-react';
import type { Task } from '@tasks-api/client';
import { useState } from 'react';
import type { Words } from '../../lib/errors/words.ts';
import { announce } from './announcer.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { TaskForm } from './task-form.tsx';
import { useSaving } from './use-saving.ts';
import { useTaskDraft } from './use-task-draft.ts';

/** Edits a task in its place. */
export function EditTask({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) {
  // What they began with, although the list may go on.
  const [opened] = useState(task);
  const draft = useTaskDraft({ title: opened.title, description: opened.description ?? '' });
  const { state, ...saving } = useSaving(opened, () => {
    announce('Saved');
    onClose();
  });
  const conflict = 'conflict' in state ? state.conflict : undefined;
  return (
    <>
      <TaskForm
        name={`Edit “${opened.title}”`}
        draft={draft}
        saveLabel={state.kind === 'gone' ? 'Add it again' : 'Save'}
        saving={state.kind === 'saving'}
        onSave={(input) => void saving.save(input)}
        onCancel={onClose}
      >
        {(state.kind === 'failed' || state.kind === 'gone') && <Failure words={state.message} />}
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

function Failure({ words: { title, detail } }: { readonly words: Words }) {
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
