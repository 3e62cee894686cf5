import { useState, type ClipboardEvent } from 'react';
import { announce } from '../ui/announcer.tsx';
import { draftInput, EMPTY_DRAFT, titleError } from './task-draft.ts';

/** More lines are probably not a list of tasks. */
const MOST_LINES = 100;

export interface PastedLines {
  /** The titles of the tasks that the pasted lines can become; empty when there is nothing to offer. */
  readonly titles: readonly string[];
  readonly onPaste: (event: ClipboardEvent<HTMLInputElement>) => void;
}

/**
 * Stores the lines of a text that was pasted into the field for a title, where they become one line. They can become a task each as
 * long as the field has their text.
 *
 * @param title the text in the field
 */
export function usePastedLines(title: string): PastedLines {
  const [lines, setLines] = useState<readonly string[]>([]);
  const isUnchanged = withoutSpace(lines.join('')) === withoutSpace(title);
  return {
    titles: isUnchanged ? lines : [],
    onPaste({ currentTarget, clipboardData }) {
      const { value, selectionStart, selectionEnd } = currentTarget;
      const text =
        value.slice(0, selectionStart ?? value.length) +
        clipboardData.getData('text/plain') +
        value.slice(selectionEnd ?? value.length);
      const found = titlesOf(text);
      setLines(found);
      if (found.length > 0)
        announce(`You pasted ${found.length} lines. A button adds a task for each of them.`);
    },
  };
}

/** The titles in the lines of a text; empty unless there are several, which are all valid. */
function titlesOf(text: string): readonly string[] {
  const titles = text
    .split(/[\r\n\u2028\u2029]+/)
    .map((line) => draftInput({ ...EMPTY_DRAFT, title: line }).title)
    .filter((title) => title !== '');
  const isList = titles.length > 1 && titles.length <= MOST_LINES;
  return isList && titles.every((title) => titleError(title) === undefined) ? titles : [];
}

function withoutSpace(text: string): string {
  return text.replace(/\s+/g, '');
}
