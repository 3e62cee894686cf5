'use client';

import { Check } from 'lucide-react';
import { mainProps } from './list-focus.ts';

/** Completes or reopens a task. Its accessible name is the task's title, in the element with `titleId`. */
export function TaskCheckbox({
  titleId,
  checked,
  onChange,
}: {
  readonly titleId: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <label className="grid size-11 shrink-0 cursor-pointer place-items-center *:col-start-1 *:row-start-1">
      <input
        type="checkbox"
        {...mainProps}
        aria-labelledby={titleId}
        checked={checked}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
        className="peer size-6 cursor-pointer appearance-none rounded-full border-2 border-edge transition-colors checked:border-accent checked:bg-accent hover:border-accent"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none size-4 scale-50 text-on-accent opacity-0 transition peer-checked:scale-100 peer-checked:opacity-100 forced-colors:text-[CanvasText]"
      />
    </label>
  );
}
