'use client';

import { CircleCheckBig, ListTodo, PartyPopper } from 'lucide-react';
import type { View } from '../../lib/tasks/view.ts';
import { Button } from '../ui/button.tsx';

/** What stands in the place of a list without tasks: a welcome, or why there is nothing to see. */
export function EmptyList({
  status,
  hasTasks,
  onShowAll,
}: {
  readonly status: View['status'];
  /** Whether there are tasks that this view does not show. */
  readonly hasTasks: boolean;
  readonly onShowAll: () => void;
}) {
  const { Icon, title, text } = hasTasks ? NOTHING_HERE[status] : WELCOME;
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
  title: 'Nothing here yet, and that is fine',
  text: 'Write down the first thing that comes to mind, and add it.',
};

const NOTHING_HERE = {
  all: WELCOME,
  pending: {
    Icon: PartyPopper,
    title: 'All done',
    text: 'There is nothing left to do. Enjoy it!',
  },
  completed: {
    Icon: CircleCheckBig,
    title: 'Nothing is done yet',
    text: 'Tick a task when it is done, and you find it here.',
  },
} satisfies Record<View['status'], typeof WELCOME>;
