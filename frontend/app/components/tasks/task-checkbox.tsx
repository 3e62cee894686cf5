'use client';

import { Check } from 'lucide-react';
import { useOfflineReason } from '../../lib/offline.ts';
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
  const disabled = useOfflineReason();
  return (
    <label
      data-tooltip={disabled}
      className="grid size-11 shrink-0 cursor-pointer place-items-center *:col-start-1 *:row-start-1"
    >
      <input
        type="checkbox"
        {...mainProps}
        aria-labelledby={titleId}
        checked={checked}
        aria-disabled={disabled !== undefined || undefined}
        aria-description={disabled}
        onChange={({ currentTarget }) => {
          onChange(currentTarget.checked);
        }}
        className="peer size-6 cursor-pointer appearance-none rounded-full border-2 border-edge transition-colors checked:border-line checked:bg-hover hover:border-accent aria-disabled:cursor-not-allowed aria-disabled:opacity-50"
      />
      <Check
        aria-hidden
        strokeWidth={3}
        className="pointer-events-none size-4 scale-50 text-muted opacity-0 transition peer-checked:scale-100 peer-checked:opacity-100 forced-colors:text-[CanvasText]"
      />
    </label>
  );
}
