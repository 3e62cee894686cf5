import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { SignUpForm } from '../components/auth/sign-up-form.tsx';
import { AuthPage } from '../components/shell/centered-page.tsx';
import { safeReturnPath, signInPath } from '../lib/navigation.ts';
import { isSignedIn } from '../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Create an account' };

export default async function SignUpPage({ searchParams }: PageProps<'/sign-up'>) {
  const { next } = await searchParams;
  const returnPath = safeReturnPath(next);
  if (await isSignedIn()) redirect(returnPath);
  return (
    <AuthPage title="Create your account" lead="A simple list for everything you want to get done.">
      <SignUpForm returnPath={returnPath} />
      <p className="text-center">
        Already have an account?{' '}
        <Link href={signInPath(returnPath)} className="link">
          Sign in
        </Link>
      </p>
    </AuthPage>
  );
}
