'use client';

import { useDeferredValue, useMemo, useRef } from 'react';
import type { Row } from '../../lib/tasks/rows.ts';
import { useTaskList } from '../../lib/tasks/use-tasks.ts';
import type { View } from '../../lib/tasks/view.ts';
import { Problem } from '../ui/problem.tsx';
import { EditTask, EditUnsent } from './edit-task.tsx';
import { ListEnd } from './list-end.tsx';
import { focusRow, rowKeysIn, rowProps, stepFrom, useListFocus } from './list-focus.ts';
import { EmptyList, ListSkeleton } from './list-placeholders.tsx';
import { TaskRow, type RowActions } from './task-row.tsx';
import { UnsentRow } from './unsent-row.tsx';
import { useEdits } from './use-edits.ts';

import { useShortcuts } from './use-shortcuts.ts';
import { useTaskActions } from './use-task-actions.ts';

/** The tasks of a view, with their actions. */
export function TaskList({
  view,
  hasTasks,
  onShowAll,
}: {
  readonly view: View;
  /** Whether the user has any tasks. */
  readonly hasTasks: boolean;
  readonly onShowAll: () => void;
}) {
  const { tasks, ...list } = useTaskList(view);
  const { complete, remove, discard, undo } = useTaskActions(view.status);
  // Deferred, because rendering the first rows takes long and would block typing.
  const isPending = list.status === 'pending';
  const loading = useDeferredValue(isPending) || isPending;
  const unsent = tasks.filter(({ kind }) => kind === 'unsent');
  const { rows, begin, ...edits } = useEdits(loading ? unsent : tasks);
  const section = useRef<HTMLElement>(null);
  const focusHandlers = useListFocus(section);

  const rowActions = useMemo<RowActions>(
    () => ({
      complete,
      remove,
      edit(key, task) {
        begin({ kind: 'task', key, task, changing: false });
      },
    }),
    [complete, remove, begin],
  );
  const rowAt = (key: string | undefined) => tasks.find((row) => row.key === key);
  const step = (key: string | undefined, by: 1 | -1) => {
    focusRow(section.current, stepFrom(key, rowKeysIn(section.current), by));
  };
  useShortcuts({
    next(key) {
      step(key, 1);
    },
    previous(key) {
      step(key, -1);
    },
    complete(key) {
      const row = rowAt(key);
      if (row?.kind === 'task') complete(row.task, !row.task.completed);
    },
    edit(key) {
      const row = rowAt(key);
      if (row?.kind === 'task' || row?.item.state === 'refused') begin(row);
    },
    delete(key) {
      const row = rowAt(key);
      if (row?.kind === 'task') remove(row.task);
      else if (row) discard(row.item);
    },
    undo,
  });

  const contentOf = (row: Row) => {
    if (edits.has(row)) {
      const form = {
        autoFocus: edits.isBegun(row),
        onClose() {
          edits.end(row);
        },
        onReopen() {
          begin(row);
        },
      };
      return row.kind === 'task' ? (
        <EditTask task={row.task} {...form} />
      ) : (
        <EditUnsent item={row.item} {...form} />
      );
    }
    return row.kind === 'task' ? (
      <TaskRow rowKey={row.key} task={row.task} actions={rowActions} />
    ) : (
      <UnsentRow
        item={row.item}
        onEdit={() => {
          begin(row);
        }}
        onDiscard={() => {
          discard(row.item);
        }}
      />
    );
  };
  return (
    <section
      ref={section}
      aria-label="Tasks"
      aria-busy={loading}
      tabIndex={-1}
      {...focusHandlers}
      className="rounded-card border border-line bg-surface shadow-card"
    >
      {rows.length > 0 && (
        // Safari ignores the semantics of a list without bullets unless it has a role. `content-visibility` skips rows that are off screen.
        <ul role="list" className="divide-y divide-line">
          {rows.map((row) => (
            <li
              key={row.key}
              {...rowProps(row.key)}
              className="px-2 [contain-intrinsic-size:auto_5rem] [content-visibility:auto]"
            >
              {contentOf(row)}
            </li>
          ))}
        </ul>
      )}
      {loading ? (
        <ListSkeleton />
      ) : list.status === 'error' ? (
        <div className="p-3">
          <Problem error={list.error} retry={list.retry} retrying={list.isFetching} />
        </div>
      ) : rows.length === 0 && !list.hasMore ? (
        <EmptyList status={view.status} hasTasks={hasTasks} onShowAll={onShowAll} />
      ) : (
        <ListEnd
          shown={tasks.filter((row) => row.kind === 'task' || row.item.state !== 'refused').length}
          hasMore={list.hasMore}
          loading={list.loadingMore}
          error={list.error}
          onMore={list.error ? list.retry : list.loadMore}
        />
      )}
    </section>
  );
}
