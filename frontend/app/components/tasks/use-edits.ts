import { useCallback, useState } from 'react';
import { useStore } from '../../lib/store.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import type { Row } from '../../lib/tasks/rows.ts';

/** The rows that are being edited. There can be several, so that opening one does not discard the text in another. */
export interface Edits {
  /** The rows of the list. Those that are being edited are as they were when editing began. */
  readonly rows: readonly Row[];
  readonly has: (row: Row) => boolean;
  /** Whether the user has opened the form on this page. Other forms are open because they have a draft. */
  readonly isBegun: (row: Row) => boolean;
  readonly begin: (row: Row) => void;
  readonly end: (row: Row) => void;
}

/** The name of the draft of a row. Unlike the key of the row, it is the same after a reload. */
function draftName(row: Row): string {
  return row.kind === 'task' ? row.task.id : row.item.id;
}

/**
 * Tracks which rows of a list are being edited: those that the user has opened, and those that have a draft. If such a row leaves the
 * list, for example by a deletion elsewhere, it moves to the top.
 */
export function useEdits(listed: readonly Row[]): Edits {
  const { drafts, changes } = useTasksModel();
  const stored = useStore(drafts);
  const [begun, setBegun] = useState<ReadonlyMap<string, Row>>(new Map());

  const edited = new Map(begun);
  for (const [name, { task }] of stored)
    if (task && !begun.has(name))
      edited.set(name, { kind: 'task', key: changes.keyOf(task.id), task, changing: false });
  const names = new Set(listed.map(draftName));
  const unlisted = [...edited].filter(([name]) => !names.has(name)).map(([, row]) => row);

  const begin = useCallback((row: Row) => {
    setBegun((now) => (now.has(draftName(row)) ? now : new Map(now).set(draftName(row), row)));
  }, []);
  return {
    rows: [...unlisted, ...listed.map((row) => edited.get(draftName(row)) ?? row)],
    has: (row) => begun.has(draftName(row)) || stored.has(draftName(row)),
    isBegun: (row) => begun.has(draftName(row)),
    begin,
    end(row) {
      setBegun((now) => new Map([...now].filter(([name]) => name !== draftName(row))));
    },
  };
}
