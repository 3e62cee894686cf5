import { useState } from 'react';
import { flushSync } from 'react-dom';
import type { TaskEdit } from '../../lib/tasks/editing.ts';
import { announce } from './announcer.tsx';
import { inputOf, problemsOf, type DraftText } from './draft-text.ts';

export interface TaskDraft {
  readonly text: DraftText;
  /** What is wrong with it, from the first try to send it on. */
  readonly problems: Partial<DraftText>;
  readonly change: (text: Partial<DraftText>) => void;
  /** Back to how it began. */
  readonly reset: () => void;
  /** Gives what can be sent; when something is wrong, undefined, with the focus of the form where that is. */
  readonly check: (form: HTMLFormElement) => TaskEdit | undefined;
}

/** A task as it is being written. */
export function useTaskDraft(initial: DraftText = { title: '', description: '' }): TaskDraft {
  const [text, setText] = useState(initial);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(text);
  return {
    text,
    problems: tried ? problems : {},
    change(changed) {
      setText((current) => ({ ...current, ...changed }));
    },
    reset() {
      setText(initial);
      setTried(false);
    },
    check(form) {
      const wrong = FIELDS.find((name) => problems[name] !== undefined);
      // The message has to be there before the focus, to be read with the field.
      flushSync(() => {
        setTried(wrong !== undefined);
      });
      if (!wrong) return inputOf(text);
      focusField(form, wrong);
      // The focus may have been there already.
      announce(problems[wrong] ?? '');
      return undefined;
    },
  };
}

/** Moves the focus to a field of a form. */
export function focusField(form: HTMLFormElement | null, name: keyof DraftText): void {
  const field = form?.elements.namedItem(name);
  if (field instanceof HTMLElement) field.focus();
}

const FIELDS = ['title', 'description'] as const;
