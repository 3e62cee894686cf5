import type { Metadata } from 'next';
import Link from 'next/link';
import { StatusPage } from './components/shell/status-page.tsx';
import { buttonClass } from './components/ui/button-class.ts';

export const metadata: Metadata = { title: 'Not found' };

/** For addresses that lead nowhere. */
export default function NotFound() {
  return (
    <StatusPage
      title="There is nothing here"
      text="The address may be mistyped, or what it led to is gone."
      action={
        <Link href="/tasks" className={buttonClass()}>
          Go to your tasks
        </Link>
      }
    />
  );
}
