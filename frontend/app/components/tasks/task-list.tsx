'use client';

import { useDeferredValue, useMemo, useRef } from 'react';
import type { Row } from '../../lib/tasks/rows.ts';
import { useTaskList } from '../../lib/tasks/use-task-list.ts';
import type { View } from '../../lib/tasks/view.ts';
import { Problem } from '../ui/problem.tsx';
import { EditTask } from './edit-task.tsx';
import { EditUnsent } from './edit-unsent.tsx';
import { EmptyList } from './empty-list.tsx';
import { ListEnd } from './list-end.tsx';
import { focusRow, rowKeysIn, rowProps, stepFrom } from './list-focus.ts';
import { ListSkeleton } from './list-skeleton.tsx';
import { TaskRow, type RowActions } from './task-row.tsx';
import { UnsentRow } from './unsent-row.tsx';
import { useEdits } from './use-edits.ts';
import { useKeptFocus } from './use-kept-focus.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTaskActions } from './use-task-actions.ts';

/** The tasks of a view, and what one does with them. */
export function TaskList({
  view,
  hasTasks,
  onShowAll,
}: {
  readonly view: View;
  /** Whether there are tasks at all. */
  readonly hasTasks: boolean;
  readonly onShowAll: () => void;
}) {
  const { tasks: rows, ...list } = useTaskList(view);
  const { complete, remove, discard, undo } = useTaskActions(view.status);
  // The first rows are many at once: drawn in between, they keep nobody from typing.
  const isPending = list.status === 'pending';
  const waiting = useDeferredValue(isPending) || isPending;
  const unsent = rows.filter(({ kind }) => kind === 'unsent');
  const { lines, begin, ...edits } = useEdits(waiting ? unsent : rows);
  const place = useRef<HTMLElement>(null);
  const focusHandlers = useKeptFocus(place);

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
  const rowAt = (key: string | undefined) => rows.find((row) => row.key === key);
  const step = (key: string | undefined, by: 1 | -1) => {
    focusRow(place.current, stepFrom(key, rowKeysIn(place.current), by));
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
    if (edits.has(row.key)) {
      const close = () => {
        edits.end(row.key);
      };
      return row.kind === 'task' ? (
        <EditTask task={row.task} onClose={close} />
      ) : (
        <EditUnsent item={row.item} onClose={close} />
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
      ref={place}
      aria-label="Tasks"
      aria-busy={waiting}
      tabIndex={-1}
      {...focusHandlers}
      className="rounded-card border border-line bg-surface shadow-card"
    >
      {lines.length > 0 && (
        // Safari takes a list without bullets for none, unless told. What is far away costs nothing.
        <ul role="list" className="divide-y divide-line">
          {lines.map((row) => (
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
      {waiting ? (
        <ListSkeleton />
      ) : list.status === 'error' ? (
        <div className="p-3">
          <Problem error={list.error} retry={list.retry} retrying={list.isFetching} />
        </div>
      ) : lines.length === 0 && !list.hasMore ? (
        <EmptyList status={view.status} hasTasks={hasTasks} onShowAll={onShowAll} />
      ) : (
        <ListEnd
          shown={rows.filter((row) => row.kind === 'task' || row.item.state !== 'refused').length}
          hasMore={list.hasMore}
          loading={list.loadingMore}
          error={list.error}
          onMore={list.error ? list.retry : list.loadMore}
        />
      )}
    </section>
  );
}
