'use client';

import { useDeferredValue, useMemo, useRef } from 'react';
import { useOfflineReason } from '../../lib/offline.ts';
import type { Row } from '../../lib/tasks/rows.ts';
import { canDiscard } from '../../lib/tasks/unsent-item.ts';
import { useTaskList } from '../../lib/tasks/use-task-list.ts';
import type { View } from '../../lib/tasks/view.ts';
import { Problem } from '../ui/problem.tsx';
import { announce } from '../ui/announcer.tsx';
import { EditTask, EditUnsent } from './edit-task.tsx';
import { ListEnd } from './list-end.tsx';
import { stepFrom, useListFocus } from './list-focus.ts';
import { EmptyList, ListSkeleton } from './list-placeholders.tsx';
import { TaskRow, type RowActions } from './task-row.tsx';
import { UnsentRow } from './unsent-row.tsx';
import { useEdits } from './use-edits.ts';
import { usePrintAll } from './use-print-all.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useTaskActions } from './use-task-actions.ts';
import { VirtualList } from './virtual-list.tsx';

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
  const disabled = useOfflineReason();
  const printAll = usePrintAll(list);
  // Deferred, because rendering the first rows takes long and would block typing.
  const isPending = list.status === 'pending';
  const loading = useDeferredValue(isPending) || isPending;
  const unsent = tasks.filter(({ kind }) => kind === 'unsent');
  const { rows, begin, ...edits } = useEdits(loading ? unsent : tasks);
  const section = useRef<HTMLElement>(null);
  const focusable = rows.filter((row) => row.kind === 'task' || canDiscard(row.item));
  const keys = focusable.map(({ key }) => key);
  const { handlers, focusedKey, focus } = useListFocus(section, keys);
  const kept = new Set([
    ...(focusedKey === undefined ? [] : [focusedKey]),
    ...focusable.filter((row) => edits.has(row)).map(({ key }) => key),
  ]);

  const rowActions = useMemo<RowActions>(
    () =>
      disabled === undefined
        ? {
            complete,
            remove,
            edit(key, task) {
              begin({ kind: 'task', key, task, changing: false });
            },
          }
        : refusing(disabled),
    [complete, remove, begin, disabled],
  );
  const rowAt = (key: string | undefined) => tasks.find((row) => row.key === key);
  const step = (key: string | undefined, by: 1 | -1) => {
    focus(stepFrom(key, keys, by));
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
      if (row?.kind === 'task') rowActions.complete(row.task, !row.task.completed);
    },
    edit(key) {
      const row = rowAt(key);
      if (row?.kind === 'task') rowActions.edit(row.key, row.task);
      else if (row?.item.state === 'refused') begin(row);
    },
    delete(key) {
      const row = rowAt(key);
      if (row?.kind === 'task') rowActions.remove(row.task);
      else if (row) discard(row.item);
    },
    undo,
    ...(printAll && { print: printAll }),
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
      {...handlers}
      className="rounded-card border border-line bg-surface shadow-card"
    >
      {rows.length > 0 && (
        <VirtualList rows={rows} complete={!list.hasMore} kept={kept} onInView={list.setInView}>
          {contentOf}
        </VirtualList>
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

/** The actions of read-only rows: they announce the reason to screen readers. Sighted users see it at the controls. */
function refusing(reason: string): RowActions {
  const refuse = () => {
    announce(reason);
  };
  return { complete: refuse, edit: refuse, remove: refuse };
}
