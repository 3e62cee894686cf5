import { useState } from 'react';

/** The actions that can be undone, last in, first out. */
export interface UndoStack {
  /** Adds an action. `undo` returns false if the action can no longer be undone. */
  readonly push: (undo: () => boolean) => void;
  /** Undoes the last action that still can be undone. Returns false if there is none. */
  readonly undoLast: () => boolean;
}

export function createUndoStack(): UndoStack {
  const actions: (() => boolean)[] = [];
  return {
    push(undo) {
      actions.push(undo);
    },
    undoLast() {
      for (let undo = actions.pop(); undo; undo = actions.pop()) {
        if (undo()) return true;
      }
      return false;
    },
  };
}

/** One undo stack for the lifetime of the component. */
export function useUndoStack(): UndoStack {
  const [stack] = useState(createUndoStack);
  return stack;
}
