import { useCallback, useState } from 'react';
import type { Row } from '../../lib/tasks/rows.ts';

/** The rows that are being edited. There can be several, so that opening one does not discard the text in another. */
export interface Edits {
  /** The rows of the list. Those that are being edited are as they were when editing began. */
  readonly rows: readonly Row[];
  readonly has: (rowKey: string) => boolean;
  readonly begin: (row: Row) => void;
  readonly end: (rowKey: string) => void;
}

/** Tracks which rows of a list are being edited. If such a row leaves the list, for example by a deletion elsewhere, it moves to the top. */
export function useEdits(listed: readonly Row[]): Edits {
  const [edited, setEdited] = useState<ReadonlyMap<string, Row>>(new Map());
  const keys = new Set(listed.map(({ key }) => key));
  const unlisted = [...edited.values()].filter(({ key }) => !keys.has(key));
  const begin = useCallback((row: Row) => {
    setEdited((now) => (now.has(row.key) ? now : new Map(now).set(row.key, row)));
  }, []);
  return {
    rows: [...unlisted, ...listed.map((row) => edited.get(row.key) ?? row)],
    has: (rowKey) => edited.has(rowKey),
    begin,
    end(rowKey) {
      setEdited((now) => new Map([...now].filter(([key]) => key !== rowKey)));
    },
  };
}
