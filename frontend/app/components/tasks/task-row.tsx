'use client';

import { Pencil, Trash2 } from 'lucide-react';
import type { Task } from '@tasks-api/client';
import { memo, useId } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { TaskCheckbox } from './task-checkbox.tsx';
import { TaskDescription } from './task-description.tsx';
import { TaskTimes } from './task-times.tsx';

/** What can be done with a row. Keep it the same object: rows are drawn anew when it changes. */
export interface RowActions {
  readonly complete: (task: Task, completed: boolean) => void;
  readonly edit: (rowKey: string, task: Task) => void;
  readonly remove: (task: Task) => void;
}

interface Props {
  readonly rowKey: string;
  readonly task: Task;
  readonly actions: RowActions;
}

/** A task as it stands in the list. */
export const TaskRow = memo(function TaskRow({ rowKey, task, actions }: Props) {
  const titleId = useId();
  const { title, description, completed } = task;
  return (
    <div className="flex items-start gap-1 py-1.5">
      <TaskCheckbox
        titleId={titleId}
        checked={completed}
        onChange={(checked) => {
          actions.complete(task, checked);
        }}
      />
      <div className="min-w-0 grow py-2.5">
        <p
          id={titleId}
          dir="auto"
          className={`font-medium transition-colors ${completed ? 'text-muted line-through' : ''}`}
        >
          {title}
        </p>
        {description && <TaskDescription text={description} taskTitle={title} />}
        <TaskTimes created={task.created_at} updated={task.updated_at} />
      </div>
      <IconButton
        label={`Edit “${title}”`}
        tooltip="Edit"
        onClick={() => {
          actions.edit(rowKey, task);
        }}
      >
        <Pencil aria-hidden size={18} />
      </IconButton>
      <IconButton
        label={`Delete “${title}”`}
        tooltip="Delete"
        onClick={() => {
          actions.remove(task);
        }}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </div>
  );
}, isSame);

/** A page that was read again has other objects, mostly of the same tasks; a thousand rows need not be drawn for that. */
function isSame(before: Props, after: Props): boolean {
  return (
    before.rowKey === after.rowKey &&
    before.actions === after.actions &&
    TASK_FIELDS.every((field) => before.task[field] === after.task[field])
  );
}

const TASK_FIELDS = [
  'id',
  'title',
  'description',
  'completed',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Task)[];
