import type { Metadata } from 'next';
import { headers } from 'next/headers';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { getSessionCookie } from 'better-auth/cookies';
import { AuthPage } from '../components/auth/auth-page.tsx';
import { SignInForm } from '../components/auth/sign-in-form.tsx';
import { safeReturnPath } from '../lib/auth/return-path.ts';
import { currentUser } from '../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const { next, deleted } = await searchParams;
  const returnPath = safeReturnPath(next);
  if (await currentUser()) redirect(returnPath);
  // Who brings the cookie of a session that is none was signed in before.
  const sessionOver = getSessionCookie(await headers()) !== null;
  return (
    <AuthPage
      title={deleted === undefined ? 'Welcome back' : 'Goodbye'}
      lead={leadOf({ deleted: deleted !== undefined, sessionOver })}
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

function leadOf(what: { readonly deleted: boolean; readonly sessionOver: boolean }): string {
  if (what.deleted) return 'Your account and your tasks are deleted.';
  if (what.sessionOver) return 'Your session is over. Sign in again to go on where you were.';
  return 'Sign in to see your tasks.';
}
