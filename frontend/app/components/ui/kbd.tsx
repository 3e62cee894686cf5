import type { ReactNode } from 'react';

/** A key of the keyboard. */
export function Kbd({ children }: { readonly children: ReactNode }) {
  return (
    <kbd className="inline-flex min-w-6 justify-center rounded-md border border-b-2 border-line bg-canvas px-1.5 font-sans text-sm leading-6 text-muted">
      {children}
    </kbd>
  );
}
