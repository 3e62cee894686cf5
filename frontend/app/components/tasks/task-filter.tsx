'use client';

import type { TaskCounts } from '@tasks-api/client';
import type { View } from '../../lib/tasks/view.ts';
import { countText } from '../ui/count-text.ts';
import { Segmented } from '../ui/segmented.tsx';

type Status = View['status'];

/** What is shown, by its name. */
export const STATUS_NAMES = {
  all: 'All',
  pending: 'Pending',
  completed: 'Completed',
} satisfies Record<Status, string>;

/** Chooses which tasks the list shows, and tells how many there are of each kind. */
export function TaskFilter({
  value,
  counts,
  onChange,
}: {
  readonly value: Status;
  readonly counts: TaskCounts | undefined;
  readonly onChange: (status: Status) => void;
}) {
  const option = (status: Status) => ({
    value: status,
    label: (
      <span className="flex flex-col items-center py-1 leading-tight sm:flex-row sm:gap-1.5 sm:py-0">
        {STATUS_NAMES[status]}{' '}
        <span className="min-w-[2ch] text-center text-muted tabular-nums">
          {counts ? countText(countOf(status, counts)) : '·'}
        </span>
      </span>
    ),
  });
  return (
    <Segmented
      label="Show"
      value={value}
      onChange={onChange}
      options={[option('all'), option('pending'), option('completed')]}
    />
  );
}

/** How many tasks have a status. */
export function countOf(status: Status, { pending, completed }: TaskCounts): number {
  return { all: pending + completed, pending, completed }[status];
}
