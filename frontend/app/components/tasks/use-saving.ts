import type { Task } from '@tasks-api/client';
import { useState } from 'react';
import { useTasksModel } from '../../lib/tasks/context.ts';
import { useAddTask, useEditTask, useTaskForEdit } from '../../lib/tasks/use-changes.ts';
import {
  failureOf,
  type Conflict,
  type EditOutcome,
  type TaskEdit,
} from '../../lib/tasks/editing.ts';

/** Where an edit stands. */
type SavingState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'saving'; readonly conflict?: Conflict }
  | EditOutcome;

export interface Saving {
  readonly state: SavingState;
  readonly save: (mine: TaskEdit) => Promise<void>;
  readonly keepMine: (conflict: Conflict) => Promise<void>;
  readonly takeTheirs: (conflict: Conflict) => void;
  /** Back to the fields, whatever happened. */
  readonly reset: () => void;
}

/**
 * Saves the edit of a task, upon the version that the service has when it begins.
 *
 * @param opened the task as the person sees it when they begin
 * @param onSaved called when nothing is left to do
 */
export function useSaving(opened: Task, onSaved: () => void): Saving {
  const [state, setState] = useState<SavingState>({ kind: 'idle' });
  const { save, keepMine, takeTheirs } = useEditTask();
  const add = useAddTask();
  const { queryClient, readings } = useTasksModel();
  // Read while the person writes.
  useTaskForEdit(opened.id);

  const attempt = async (mine: TaskEdit): Promise<EditOutcome> => {
    // Saving again adds it anew.
    if (state.kind === 'gone') {
      add(mine);
      return { kind: 'saved' };
    }
    if (isSameText(mine, opened)) return { kind: 'saved' };
    try {
      const seen = await queryClient.query(readings.forEdit(opened.id));
      // The list was out of date: they have not seen what they would change.
      if (!isSameText(seen, opened)) return { kind: 'conflict', conflict: { mine, theirs: seen } };
      return await save(seen, mine);
    } catch (error) {
      return failureOf(error);
    }
  };
  const finish = async (work: Promise<EditOutcome>) => {
    let outcome = await work;
    // Only its completion has changed meanwhile, which an edit leaves as it is.
    if (outcome.kind === 'conflict' && isSameText(outcome.conflict.theirs, opened)) {
      outcome = await keepMine(outcome.conflict);
    }
    setState(outcome);
    if (outcome.kind === 'saved') onSaved();
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

function isSameText(one: TaskEdit, other: TaskEdit): boolean {
  return one.title === other.title && one.description === other.description;
}
