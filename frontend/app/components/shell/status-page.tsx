import type { ReactNode } from 'react';
import { Logo } from './logo.tsx';

interface StatusPageProps {
  readonly title: string;
  readonly text: string;
  /** The button or link that leads on. */
  readonly action: ReactNode;
}

/** A page that only says what is the matter, and leads on. */
export function StatusPage({ title, text, action }: StatusPageProps) {
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
