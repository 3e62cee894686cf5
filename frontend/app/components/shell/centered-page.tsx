import type { ReactNode } from 'react';
import { ClearBrowser } from '../auth/clear-browser.tsx';
import { Logo } from './logo.tsx';

/** A page for visitors who are not signed in: a heading and a card. */
export function AuthPage({
  title,
  lead,
  children,
}: {
  readonly title: string;
  /** A sentence below the title. */
  readonly lead: string;
  readonly children: ReactNode;
}) {
  return (
    // Not centered vertically: on slow phones the content would move with every part that loads.
    <main className="grid justify-items-center px-4 pt-[min(16svh,9rem)] pb-8">
      <div className="flex w-full max-w-sm flex-col gap-6">
        <div className="flex flex-col items-center gap-3 text-center">
          <Logo size={48} />
          <div>
            <h1 className="text-2xl font-semibold text-balance">{title}</h1>
            <p className="mt-1 text-pretty text-muted">{lead}</p>
          </div>
        </div>
        <NeedsScript />
        <ClearBrowser />
        {children}
      </div>
    </main>
  );
}

/** A message for browsers without JavaScript. */
export function NeedsScript() {
  return (
    <noscript>
      <p className="mb-4 rounded-card bg-warning-soft p-4 text-warning">
        This application needs JavaScript. Turn it on in your browser, then reload the page.
      </p>
    </noscript>
  );
}

/** A page that only shows a message, such as an error, with a button or link to continue. */
export function StatusPage({
  title,
  text,
  action,
}: {
  readonly title: string;
  readonly text: string;
  readonly action: ReactNode;
}) {
  return (
    <main className="grid min-h-dvh place-items-center px-4 py-8">
      <div className="flex flex-col items-center gap-4 text-center">
        <Logo size={48} />
        <h1 className="text-2xl font-semibold text-balance">{title}</h1>
        <p className="max-w-sm text-muted">{text}</p>
        {action}
      </div>
    </main>
  );
}
