'use client';

import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { textParts } from '../../lib/links.ts';
import type { TaskInput } from '../../lib/tasks/task-input.ts';

/** What a row shows below the title for each field, in this order. */
const DETAILS: Readonly<
  Record<Exclude<keyof TaskInput, 'title'>, (props: { readonly task: TaskInput }) => ReactNode>
> = {
  description: ({ task: { title, description } }) =>
    description && <Description text={description} taskTitle={title} />,
};

/** The fields of a task or of an unsent task, except the title. */
export function TaskDetails({ task }: { readonly task: TaskInput }) {
  return Object.entries(DETAILS).map(([field, Detail]) => <Detail key={field} task={task} />);
}

/** A description with its line breaks. A long one is clamped, with a button to show all of it. */
function Description({ text, taskTitle }: { readonly text: string; readonly taskTitle: string }) {
  const [open, setOpen] = useState(false);
  const [long, setLong] = useState(false);
  const paragraph = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const element = paragraph.current;
    if (!element || open) return;
    const measure = () => {
      setLong(element.scrollHeight > element.clientHeight + 1);
    };
    // Calls `measure` at once, and whenever the width changes.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [open, text]);
  const label = open ? 'Show less' : 'Show more';
  return (
    <>
      <p
        ref={paragraph}
        dir="auto"
        onFocus={({ target }) => {
          // A clamped text hides links that have the focus.
          if (long && target.matches(':focus-visible')) setOpen(true);
        }}
        className={`text-sm whitespace-pre-line text-muted ${open ? '' : 'line-clamp-2'}`}
      >
        <TextWithLinks text={text} />
      </p>
      {(long || open) && (
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${label} of “${taskTitle}”`}
          onClick={() => {
            setOpen(!open);
          }}
          className="-mx-1 min-h-6 rounded px-1 text-sm font-medium text-accent hover:underline pointer-coarse:min-h-11"
        >
          {label}
        </button>
      )}
    </>
  );
}

/** A text whose URLs are links to new tabs. */
function TextWithLinks({ text }: { readonly text: string }) {
  return textParts(text).map((part, at) =>
    part.isLink ? (
      <a key={at} href={part.text} target="_blank" rel="noopener noreferrer" className="link">
        {part.text}
      </a>
    ) : (
      part.text
    ),
  );
}
