'use client';

import type { TaskCounts } from '@tasks-api/client';
import { formatCount } from '../../lib/format.ts';
import type { View } from '../../lib/tasks/view.ts';
import { Segmented } from '../ui/segmented.tsx';

type Status = View['status'];

/** The names of the filters. */
export const STATUS_NAMES = {
  all: 'All',
  pending: 'Pending',
  completed: 'Completed',
} satisfies Record<Status, string>;

/** The status filter of the list, with the number of tasks for each status. */
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
          {counts ? formatCount(countOf(status, counts)) : '·'}
        </span>
      </span>
    ),
  });
  return (
    <Segmented
      label="Filter by status"
      value={value}
      onChange={onChange}
      options={[option('all'), option('pending'), option('completed')]}
    />
  );
}

/** The number of tasks with a status. */
export function countOf(status: Status, { pending, completed }: TaskCounts): number {
  return { all: pending + completed, pending, completed }[status];
}
