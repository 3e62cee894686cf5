'use client';

import type { Task } from '@tasks-api/client';
import { Pencil, Trash2 } from 'lucide-react';
import { memo, useId } from 'react';
import { namesOf } from '../../lib/tasks/task-input.ts';
import { IconButton } from '../ui/button.tsx';
import { TaskCheckbox } from './task-checkbox.tsx';
import { TaskDetails } from './task-details.tsx';
import { TaskTime } from './task-time.tsx';

/** The actions of a row. It should be a stable object, because rows render again when it changes. */
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

/** Narrower on phones, to leave room for the title. */
const BUTTON = 'mt-1 pointer-coarse:mt-0 pointer-coarse:max-sm:w-9 print:hidden';

/** A task in the list. */
export const TaskRow = memo(function TaskRow({ rowKey, task, actions }: Props) {
  const titleId = useId();
  const { title, completed } = task;
  return (
    <div className="flex items-start py-1 sm:gap-1">
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
          // For the pointer; keys have the button and shortcuts.
          onClick={() => {
            if (getSelection()?.type !== 'Range') actions.edit(rowKey, task);
          }}
          className={`line-clamp-3 cursor-pointer font-medium transition-colors print:line-clamp-none ${completed ? 'text-muted line-through' : ''}`}
        >
          {title}
        </p>
        <TaskDetails task={task} />
      </div>
      <TaskTime created={task.created_at} updated={task.updated_at} />
      <IconButton
        className={BUTTON}
        label={`Edit “${title}”`}
        tooltip="Edit"
        needsConnection
        onClick={() => {
          actions.edit(rowKey, task);
        }}
      >
        <Pencil aria-hidden size={18} />
      </IconButton>
      <IconButton
        className={BUTTON}
        label={`Delete “${title}”`}
        tooltip="Delete"
        needsConnection
        onClick={() => {
          actions.remove(task);
        }}
      >
        <Trash2 aria-hidden size={18} />
      </IconButton>
    </div>
  );
}, isSame);

/** Compares tasks by value: a refetched page has new objects, mostly of unchanged tasks, and a list can have a thousand rows. */
function isSame(before: Props, after: Props): boolean {
  return (
    before.rowKey === after.rowKey &&
    before.actions === after.actions &&
    TASK_FIELDS.every((field) => before.task[field] === after.task[field])
  );
}

const TASK_FIELDS = namesOf<Task>({
  id: true,
  user_id: true,
  title: true,
  description: true,
  completed: true,
  created_at: true,
  updated_at: true,
});
