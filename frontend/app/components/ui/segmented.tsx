'use client';

import { useId, type ReactNode } from 'react';

interface SegmentedProps<Value extends string> {
  /** What the user chooses, for screen readers. */
  readonly label: string;
  readonly value: Value;
  readonly onChange: (value: Value) => void;
  readonly options: readonly { readonly value: Value; readonly label: ReactNode }[];
}

/** A choice between a few options, side by side: native radio buttons, with one tab stop, and arrow keys to choose. */
export function Segmented<Value extends string>({
  label,
  value,
  onChange,
  options,
}: SegmentedProps<Value>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{label}</legend>
      <div className="flex flex-wrap gap-1 rounded-control border border-line bg-canvas p-1">
        {options.map((option) => (
          <label key={option.value} className="relative max-w-full grow">
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => {
                onChange(option.value);
              }}
              className="peer absolute inset-0 cursor-pointer appearance-none rounded-lg"
            />
            <span className="pointer-events-none relative flex min-h-9 items-center justify-center gap-1.5 rounded-lg px-3 text-center text-sm font-medium text-muted outline-transparent transition-colors duration-150 peer-checked:bg-surface peer-checked:text-ink peer-checked:ring-1 peer-checked:ring-edge peer-checked:outline-2 peer-hover:text-ink pointer-coarse:min-h-11">
              {option.label}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
