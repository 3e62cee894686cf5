import { redirect } from 'next/navigation';

/** Where people arrive; without a session the tasks lead on to the sign-in. */
export default function Home(): never {
  redirect('/tasks');
}
