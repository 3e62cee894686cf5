'use client';

import { Keyboard } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { formatCount } from '../../lib/format.ts';
import { keepOfflineCopy } from '../../lib/offline-copy.ts';
import { useTaskCounts } from '../../lib/tasks/use-tasks.ts';
import type { View } from '../../lib/tasks/view.ts';
import { IconButton } from '../ui/button.tsx';
import { AddTask } from './add-task.tsx';
import { announce } from '../ui/announcer.tsx';
import { HelpSheet } from './help-sheet.tsx';
import { SortSelect } from './sort-select.tsx';
import { countOf, STATUS_NAMES, TaskFilter } from './task-filter.tsx';
import { TaskList } from './task-list.tsx';
import { useShortcuts } from './use-shortcuts.ts';
import { useView } from './use-view.ts';

/** The content of the tasks page. */
export function TasksPage() {
  const [view, changeView] = useView();
  const counts = useTaskCounts();
  const [helpOpen, setHelpOpen] = useState(false);
  const sort = useRef<HTMLSelectElement>(null);
  useEffect(keepOfflineCopy, []);

  const show = (status: View['status']) => {
    changeView({ status });
    const name = STATUS_NAMES[status];
    announce(counts ? `${name}: ${tasksText(countOf(status, counts))}` : name);
  };
  useShortcuts({
    'show-all': () => {
      show('all');
    },
    'show-pending': () => {
      show('pending');
    },
    'show-completed': () => {
      show('completed');
    },
    sort: () => sort.current?.focus(),
    help: () => {
      setHelpOpen(true);
    },
  });
  return (
    <div className="flex flex-col gap-2 sm:gap-4">
      {/* The navigation of a phone names the page already. */}
      <div className="flex items-center justify-between max-sm:sr-only print:not-sr-only">
        <h1 className="text-2xl font-semibold">Your tasks</h1>
        <IconButton
          className="max-sm:hidden print:hidden"
          label="Keyboard shortcuts"
          onClick={() => {
            setHelpOpen(true);
          }}
        >
          <Keyboard aria-hidden size={20} />
        </IconButton>
      </div>
      <div className="print:hidden">
        <AddTask />
      </div>
      <div className="flex items-center justify-between gap-x-1 gap-y-2 sm:gap-x-4 print:hidden">
        <div className="min-w-0 max-sm:grow">
          <TaskFilter value={view.status} counts={counts} onChange={show} />
        </div>
        <SortSelect ref={sort} value={view} onChange={changeView} />
      </div>
      <TaskList
        view={view}
        hasTasks={!counts || countOf('all', counts) > 0}
        onShowAll={() => {
          show('all');
        }}
      />
      <HelpSheet open={helpOpen} onOpenChange={setHelpOpen} />
    </div>
  );
}

function tasksText(count: number): string {
  return count === 1 ? '1 task' : `${formatCount(count)} tasks`;
}
