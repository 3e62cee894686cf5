'use client';

import { useLayoutEffect, useRef, useState } from 'react';

/** The details of a task with their line breaks; long ones show their beginning, and the rest on request. */
export function TaskDescription({
  text,
  taskTitle,
}: {
  readonly text: string;
  readonly taskTitle: string;
}) {
  const [open, setOpen] = useState(false);
  const [long, setLong] = useState(false);
  const paragraph = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    const element = paragraph.current;
    if (!element || open) return;
    const measure = () => {
      setLong(element.scrollHeight > element.clientHeight + 1);
    };
    // Tells at once, and again whenever the width changes.
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [open, text]);
  return (
    <>
      <p
        ref={paragraph}
        dir="auto"
        className={`text-sm whitespace-pre-line text-muted ${open ? '' : 'line-clamp-2'}`}
      >
        {text}
      </p>
      {(long || open) && (
        <button
          type="button"
          aria-expanded={open}
          aria-label={`${open ? 'Less' : 'More'} about “${taskTitle}”`}
          onClick={() => {
            setOpen(!open);
          }}
          className="-mx-1 min-h-6 rounded px-1 text-sm font-medium text-accent hover:underline pointer-coarse:min-h-11"
        >
          {open ? 'Less' : 'More'}
        </button>
      )}
    </>
  );
}
