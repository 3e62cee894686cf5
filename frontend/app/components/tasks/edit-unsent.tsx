'use client';

import type { UnsentTask } from '../../lib/tasks/unsent-item.ts';
import { useUnsent } from '../../lib/tasks/use-unsent.ts';
import { TaskForm } from './task-form.tsx';
import { useTaskDraft } from './use-task-draft.ts';

/** Edits an addition that was refused, and sends it again. */
export function EditUnsent({
  item: { id, title, description },
  onClose,
}: {
  readonly item: UnsentTask;
  readonly onClose: () => void;
}) {
  const unsent = useUnsent();
  const draft = useTaskDraft({ title, description: description ?? '' });
  return (
    <TaskForm
      name={`Edit “${title}”`}
      draft={draft}
      saveLabel="Save and send"
      onSave={(input) => {
        unsent.edit(id, input);
        onClose();
      }}
      onCancel={onClose}
    />
  );
}
