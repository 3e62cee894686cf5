import { useState } from 'react';

/** What can be undone, the last first. */
export interface Undo {
  /** Offers to undo something; `run` gives whether it still could. */
  readonly offer: (run: () => boolean) => void;
  /** Undoes the last that still can be; false when there is nothing. */
  readonly last: () => boolean;
}

export function createUndo(): Undo {
  const offers: (() => boolean)[] = [];
  return {
    offer(run) {
      offers.push(run);
    },
    last() {
      for (let run = offers.pop(); run; run = offers.pop()) {
        if (run()) return true;
      }
      return false;
    },
  };
}

/** The same as long as the component lives. */
export function useUndo(): Undo {
  const [undo] = useState(createUndo);
  return undo;
}
