import type { Metadata } from 'next';
import Link from 'next/link';
import { StatusPage } from './components/shell/centered-page.tsx';
import { buttonClass } from './components/ui/button-class.ts';

export const metadata: Metadata = { title: 'Page not found' };

/** For unknown URLs. */
export default function NotFound() {
  return (
    <StatusPage
      title="Page not found"
      text="Check the URL. The page may have been removed."
      action={
        <Link href="/tasks" className={buttonClass()}>
          Go to your tasks
        </Link>
      }
    />
  );
}
