import type { Notify } from '../notices.ts';

/** Something that the user has done and can undo. */
export interface UndoableAction {
  /** What was done, such as `“Buy milk” completed`. */
  readonly text: string;
  /** Undoes it. Returns false if it can no longer be undone. */
  readonly undo: () => boolean;
  /** Whether undoing it does not work offline. By default it does. */
  readonly needsConnection?: (() => boolean) | undefined;
  /** Does it again after it was undone, for an action whose text would be lost otherwise. */
  readonly redo?: (() => void) | undefined;
  /** Shows a notice with an undo button. */
  readonly notice?: ActionNotice | undefined;
}

interface ActionNotice {
  /** Milliseconds until the notice closes. */
  readonly timeout?: number | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** The actions that can be undone, in all views and forms. */
export interface History {
  /** Adds the newest action. Returns a function that removes it, because it has failed or can no longer be undone. */
  readonly add: (action: UndoableAction) => () => void;
  /** Undoes the newest action that can be undone. */
  readonly undoLast: () => void;
}

/** More than anyone undoes, so that a page that stays open for weeks does not collect them. */
const LONGEST = 100;
const UNDONE_MS = 4_000;

interface HistoryOptions {
  readonly notify: Notify;
  readonly isOffline: () => boolean;
}

/** Creates an empty history. Its notices say what can be undone, and what was undone. */
export function createHistory({ notify, isOffline }: HistoryOptions): History {
  /** The actions, the newest one last, and the functions that close their notices. */
  const actions = new Map<UndoableAction, () => void>();

  let closeMessage: (() => void) | undefined;
  /** Shows what was undone, in place of the last message. */
  const show = (title: string, redo?: () => void) => {
    closeMessage?.();
    const action = redo && { label: 'Redo', run: redo };
    closeMessage = notify({ title, tone: 'info', timeout: UNDONE_MS, action });
  };
  const remove = (action: UndoableAction) => {
    const closeNotice = actions.get(action);
    actions.delete(action);
    closeNotice?.();
  };
  const undo = (action: UndoableAction): boolean => {
    // First, because closing the notice of a deletion sends it.
    const isUndone = actions.has(action) && action.undo();
    remove(action);
    if (!isUndone) return false;
    show(`Undone: ${action.text}`, action.redo);
    return true;
  };

  /** Closes the notices of other actions, which can still be undone by the key. Closing the notice of a deletion would send it. */
  const closeOthers = () => {
    closeMessage?.();
    for (const [{ notice }, close] of actions) if (!notice?.onClose) close();
  };

  return {
    add(action) {
      const { text, notice } = action;
      closeOthers();
      const closeNotice =
        notice &&
        notify({
          ...notice,
          title: text,
          tone: 'info',
          action: {
            label: 'Undo',
            needsConnection: action.needsConnection,
            run: () => void undo(action),
          },
        });
      actions.set(action, closeNotice ?? (() => undefined));
      const [oldest] = actions.keys();
      if (oldest && actions.size > LONGEST) actions.delete(oldest);
      return () => {
        remove(action);
      };
    },
    undoLast() {
      for (const action of [...actions.keys()].reverse()) {
        if (isOffline() && action.needsConnection?.()) {
          show(`Not undone while offline: ${action.text}`);
          return;
        }
        if (undo(action)) return;
      }
      show('Nothing to undo');
    },
  };
}
