import type { ReactNode } from 'react';

export const MAIN_ID = 'main';

/** The content of a page, in one column. */
export function PageMain({ children }: { readonly children: ReactNode }) {
  return (
    <main id={MAIN_ID} tabIndex={-1} className="mx-auto max-w-2xl px-4 pt-10 pb-24 outline-none">
      {children}
    </main>
  );
}
