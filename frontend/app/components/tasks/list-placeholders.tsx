'use client';

import { CircleCheckBig, ListTodo, PartyPopper } from 'lucide-react';
import type { View } from '../../lib/tasks/view.ts';
import { Button } from '../ui/button.tsx';

/** The message for an empty list: a welcome, or the reason. */
export function EmptyList({
  status,
  hasTasks,
  onShowAll,
}: {
  readonly status: View['status'];
  /** Whether there are tasks outside this view. */
  readonly hasTasks: boolean;
  readonly onShowAll: () => void;
}) {
  const { Icon, title, text } = hasTasks ? EMPTY_VIEW[status] : WELCOME;
  return (
    <div className="flex min-h-96 flex-col items-center justify-center gap-2 px-6 py-12 text-center">
      <Icon aria-hidden size={40} strokeWidth={1.5} className="mb-2 text-accent" />
      <p className="text-lg font-semibold text-balance">{title}</p>
      <p className="max-w-sm text-balance text-muted">{text}</p>
      {hasTasks && status !== 'all' && (
        <Button variant="secondary" size="sm" className="mt-3" onClick={onShowAll}>
          Show all tasks
        </Button>
      )}
    </div>
  );
}

const WELCOME = {
  Icon: ListTodo,
  title: 'No tasks yet',
  text: 'Add your first task above.',
};

const EMPTY_VIEW = {
  all: WELCOME,
  pending: {
    Icon: PartyPopper,
    title: 'All done',
    text: 'You have no pending tasks.',
  },
  completed: {
    Icon: CircleCheckBig,
    title: 'No completed tasks',
    text: 'Completed tasks appear here.',
  },
} satisfies Record<View['status'], typeof WELCOME>;

const WIDTHS = ['w-3/5', 'w-2/5', 'w-4/5', 'w-1/2'];
const BAR = 'animate-pulse rounded-control bg-hover';

/** A placeholder while the list is loading. It fades in after a short delay. */
export function ListSkeleton() {
  return (
    <div role="status" className="min-h-96 noscript:hidden">
      <p className="sr-only">Loading tasks</p>
      <div
        aria-hidden
        className="divide-y divide-line transition-opacity delay-150 starting:opacity-0"
      >
        {WIDTHS.map((width) => (
          <div key={width} className="flex items-start gap-4 p-4">
            <div className="size-6 shrink-0 animate-pulse rounded-full bg-hover" />
            <div className="flex grow flex-col gap-2 py-1">
              <div className={`h-4 ${width} ${BAR}`} />
              <div className={`h-3 w-24 ${BAR}`} />
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
