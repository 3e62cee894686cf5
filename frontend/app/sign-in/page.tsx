import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { getSessionCookie } from 'better-auth/cookies';
import { SignInForm } from '../components/auth/sign-in-form.tsx';
import { AuthPage } from '../components/shell/centered-page.tsx';
import { safeReturnPath } from '../lib/navigation.ts';
import { isSignedIn } from '../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, deleted, reason } = await searchParams;
  const returnPath = safeReturnPath(next);
  const signedIn = await isSignedIn();
  if (signedIn) redirect(returnPath);
  // A session cookie without a session: it has expired or was ended elsewhere.
  const hasEnded = signedIn === false && getSessionCookie(await headers()) !== null;
  const { title, lead } = greeting({ deleted, reason }, hasEnded);
  return (
    <AuthPage title={title} lead={lead}>
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

/** What the page says: why the user has to sign in, if that is known. */
function greeting(
  { deleted, reason }: Awaited<PageProps<'/sign-in'>['searchParams']>,
  hasEnded: boolean,
) {
  if (deleted !== undefined) {
    return { title: 'Account deleted', lead: 'Your account and all your tasks were deleted.' };
  }
  if (reason === 'signed-out') {
    return { title: 'Signed out', lead: 'You signed out in another tab.' };
  }
  if (reason === 'session-ended' || hasEnded) {
    return {
      title: 'Your session has ended',
      lead: 'It has expired, or it was ended on another device. Sign in to continue where you left off.',
    };
  }
  return { title: 'Welcome back', lead: 'Sign in to see your tasks.' };
}
