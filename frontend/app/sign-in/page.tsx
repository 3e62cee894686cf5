import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { getSessionCookie } from 'better-auth/cookies';
import { SignInForm } from '../components/auth/sign-in-form.tsx';
import { AuthPage } from '../components/shell/centered-page.tsx';
import { safeReturnPath } from '../lib/navigation.ts';
import { currentUser } from '../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, deleted } = await searchParams;
  const returnPath = safeReturnPath(next);
  if (await currentUser()) redirect(returnPath);
  // There is a session cookie, but no session: it has expired or was ended elsewhere.
  const sessionEnded = getSessionCookie(await headers()) !== null;
  return (
    <AuthPage
      title={deleted === undefined ? 'Welcome back' : 'Account deleted'}
      lead={leadText({ deleted: deleted !== undefined, sessionEnded })}
    >
      <SignInForm returnPath={returnPath} />
      <p className="text-center">
        New here?{' '}
        <Link
          href={`/sign-up?${new URLSearchParams({ next: returnPath }).toString()}`}
          className="link"
        >
          Create an account
        </Link>
      </p>
    </AuthPage>
  );
}

function leadText({
  deleted,
  sessionEnded,
}: Readonly<Record<'deleted' | 'sessionEnded', boolean>>) {
  if (deleted) return 'Your account and all your tasks were deleted.';
  if (sessionEnded) return 'Your session has ended. Sign in to continue where you left off.';
  return 'Sign in to see your tasks.';
}
