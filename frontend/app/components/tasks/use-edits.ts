import { useCallback, useState } from 'react';
import type { Row } from '../../lib/tasks/rows.ts';

/** The rows that are being edited; several can be, so that opening one loses no text in another. */
export interface Edits {
  /** The rows of the list, those that are being edited as they were when that began. */
  readonly lines: readonly Row[];
  readonly has: (rowKey: string) => boolean;
  readonly begin: (row: Row) => void;
  readonly end: (rowKey: string) => void;
}

/** Keeps what is being edited in a list. An edit goes on, on top, although its row leaves, as when it is deleted elsewhere. */
export function useEdits(rows: readonly Row[]): Edits {
  const [edited, setEdited] = useState<ReadonlyMap<string, Row>>(new Map());
  const listed = new Set(rows.map(({ key }) => key));
  const unlisted = [...edited.values()].filter(({ key }) => !listed.has(key));
  const begin = useCallback((row: Row) => {
    setEdited((now) => (now.has(row.key) ? now : new Map(now).set(row.key, row)));
  }, []);
  return {
    lines: [...unlisted, ...rows.map((row) => edited.get(row.key) ?? row)],
    has: (rowKey) => edited.has(rowKey),
    begin,
    end(rowKey) {
      setEdited((now) => new Map([...now].filter(([key]) => key !== rowKey)));
    },
  };
}
