import type { ReactNode } from 'react';
import { Logo } from '../shell/logo.tsx';

interface AuthPageProps {
  readonly title: string;
  /** A line below the title. */
  readonly lead: string;
  readonly children: ReactNode;
}

/** A page for somebody who is not signed in: one card, in the middle. */
export function AuthPage({ title, lead, children }: AuthPageProps) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-8">
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
