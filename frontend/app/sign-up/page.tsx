import type { Metadata } from 'next';
import Link from 'next/link';
import { redirect } from 'next/navigation';
import { AuthPage } from '../components/auth/auth-page.tsx';
import { SignUpForm } from '../components/auth/sign-up-form.tsx';
import { safeReturnPath, signInPath } from '../lib/auth/return-path.ts';
import { currentUser } from '../lib/auth/session.ts';

export const metadata: Metadata = { title: 'Create an account' };

export default async function SignUpPage({ searchParams }: PageProps<'/sign-up'>) {
  const { next } = await searchParams;
  const returnPath = safeReturnPath(next);
  if (await currentUser()) redirect(returnPath);
  return (
    <AuthPage title="Create your account" lead="A calm place for everything you want to get done.">
      <SignUpForm returnPath={returnPath} />
      <p className="text-center">
        Already have one?{' '}
        <Link href={signInPath(returnPath)} className="link">
          Sign in
        </Link>
      </p>
    </AuthPage>
  );
}
