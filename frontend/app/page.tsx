import { redirect } from 'next/navigation';

/** The start page. Without a session, the tasks page redirects to the sign-in page. */
export default function Home(): never {
  redirect('/tasks');
}
