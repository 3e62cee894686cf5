import type { Task } from '@tasks-api/client';
import { useState } from 'react';
import { quoted } from '../../lib/format.ts';
import { failedResult, type Conflict, type SaveResult } from '../../lib/tasks/editing.ts';
import { useTasksModel } from '../../lib/tasks/provider.ts';
import { isSameInput, type TaskInput } from '../../lib/tasks/task-input.ts';
import { useAddTasks, useEditTask, useTaskForEdit } from '../../lib/tasks/use-changes.ts';
import { announce } from '../ui/announcer.tsx';

/** The state of an edit. */
type SavingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving'; readonly conflict?: Conflict }
  | SaveResult;

export interface Saving {
  readonly state: SavingState;
  readonly save: (mine: TaskInput) => Promise<void>;
  readonly keepMine: (conflict: Conflict) => Promise<void>;
  readonly takeTheirs: (conflict: Conflict) => void;
  /** Returns to the form. */
  readonly reset: () => void;
}

/**
 * Saves the edit of a task, based on the version that was fetched when editing began.
 *
 * @param opened the task as the user saw it when editing began
 * @param onSaved called when the edit is saved or discarded
 */
export function useSaving(opened: Task, onSaved: () => void): Saving {
  const [state, setState] = useState<SavingState>({ kind: 'idle' });
  const { save, keepMine, takeTheirs } = useEditTask();
  const add = useAddTasks();
  const { queryClient, queries } = useTasksModel();
  // Starts the request while the user is typing.
  useTaskForEdit(opened.id);

  const attempt = async (mine: TaskInput): Promise<SaveResult> => {
    // The task was deleted. Saving again adds a new task.
    if (state.kind === 'deleted') {
      add(mine);
      announce(`Added ${quoted(mine.title)}`);
      return { kind: 'saved' };
    }
    if (isSameInput(mine, opened)) return { kind: 'saved' };
    try {
      const seen = await queryClient.query(queries.forEdit(opened.id));
      // The list was out of date: the user has not seen the version that the edit would overwrite.
      if (!isSameInput(seen, opened)) return { kind: 'conflict', conflict: { mine, theirs: seen } };
      return await save(seen, mine);
    } catch (error) {
      return failedResult(error);
    }
  };
  const finish = async (request: Promise<SaveResult>) => {
    let result = await request;
    // If only `completed` has changed in the meantime, there is no conflict: the edit does not change it.
    if (result.kind === 'conflict' && isSameInput(result.conflict.theirs, opened)) {
      result = await keepMine(result.conflict);
    }
    setState(result);
    if (result.kind === 'saved') onSaved();
  };
  return {
    state,
    async save(mine) {
      setState({ kind: 'saving' });
      await finish(attempt(mine));
    },
    async keepMine(conflict) {
      setState({ kind: 'saving', conflict });
      await finish(keepMine(conflict));
    },
    takeTheirs(conflict) {
      takeTheirs(conflict);
      onSaved();
    },
    reset() {
      setState({ kind: 'idle' });
    },
  };
}
