import type { Metadata } from 'next';
import { TasksPage } from '../../components/tasks/tasks-page.tsx';
import { requireUser } from '../../lib/auth/session.ts';
import { parseView, viewQuery, type SearchParams } from '../../lib/tasks/view.ts';

export const metadata: Metadata = { title: 'Your tasks' };

/** The tasks of the signed-in user. The view is in the URL, so that it is still there after signing in. */
export default async function Page({
  searchParams,
}: {
  readonly searchParams: Promise<Exclude<SearchParams, URLSearchParams>>;
}) {
  await requireUser(`/tasks${viewQuery(parseView(await searchParams))}`);
  return <TasksPage />;
}
