import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';

interface AuthPageProps {
  readonly title: string;
  /** A line below the title. */
  readonly lead: string;
  readonly children: ReactNode;
}

/** A page for somebody who is not signed in: one card. */
export function AuthPage({ title, lead, children }: AuthPageProps) {
  return (
    // Not in the middle of the height: on slow phones the page would jump with every part that comes in.
    <main className="grid justify-items-center px-4 pt-[min(16svh,9rem)] pb-8">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex flex-col items-center gap-3 text-center">
          <Logo size={48} />
          <div>
            <h1 className="text-2xl font-semibold text-balance">{title}</h1>
            <p className="mt-1 text-pretty text-muted">{lead}</p>
          </div>
        </div>
        <noscript>
          <p className="rounded-card bg-warning-soft p-4 text-warning">
            This application works with JavaScript only. Turn it on in your browser, then load the
            page again.
          </p>
        </noscript>
        {children}
      </div>
    </main>
  );
}
