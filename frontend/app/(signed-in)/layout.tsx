import type { ReactNode } from 'react';
import { AppHeader } from '../components/shell/app-header.tsx';
import { NeedsScript } from '../components/shell/centered-page.tsx';
import { ConnectionBanner } from '../components/shell/connection-banner.tsx';
import { Announcer } from '../components/ui/announcer.tsx';
import { buttonClass } from '../components/ui/button-class.ts';
import { currentUser } from '../lib/auth/session.ts';
import { TasksProvider } from '../lib/tasks/provider.ts';

const MAIN_ID = 'main';

/** The layout of the signed-in pages. It stays mounted during navigation between them, so that the tasks stay loaded. */
export default async function SignedInLayout({ children }: { readonly children: ReactNode }) {
  const user = await currentUser();
  // The page redirects to the sign-in page, because it knows the path to return to.
  if (!user) return children;
  return (
    <TasksProvider userId={user.id}>
      <a
        href={`#${MAIN_ID}`}
        className={`${buttonClass('secondary')} absolute! start-3 top-1.5 z-40 not-focus:sr-only`}
      >
        Skip to content
      </a>
      <AppHeader />
      <ConnectionBanner />
      <main
        id={MAIN_ID}
        tabIndex={-1}
        className="mx-auto max-w-2xl px-4 pt-3 pb-24 outline-none sm:pt-10"
      >
        <NeedsScript />
        {children}
      </main>
      <Announcer />
    </TasksProvider>
  );
}
