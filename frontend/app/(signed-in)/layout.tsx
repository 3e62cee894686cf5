import type { ReactNode } from 'react';
import { AppHeader } from '../components/shell/app-header.tsx';
import { ConnectionBanner } from '../components/shell/connection-banner.tsx';
import { PageMain } from '../components/shell/page-main.tsx';
import { SkipLink } from '../components/shell/skip-link.tsx';
import { currentUser } from '../lib/auth/session.ts';
import { TasksProvider } from '../lib/tasks/provider.ts';

/** Around the pages of somebody who is signed in. It stays while one goes from one to another, and the tasks with it. */
export default async function SignedInLayout({ children }: { readonly children: ReactNode }) {
  const user = await currentUser();
  // The page itself leads to the sign-in: it knows the way back.
  if (!user) return children;
  return (
    <TasksProvider userId={user.id}>
      <SkipLink />
      <AppHeader />
      <ConnectionBanner />
      <PageMain>{children}</PageMain>
    </TasksProvider>
  );
}
