'use client';

import { StatusPage } from './components/shell/centered-page.tsx';
import { Button } from './components/ui/button.tsx';
import { isUnavailable } from './lib/errors/unavailable.ts';

/** Shown if a page could not be rendered. */
export default function ErrorPage({
  error,
  retry,
}: {
  readonly error: Error;
  readonly retry: () => void;
}) {
  const [title, text] = isUnavailable(error)
    ? ['Temporarily unavailable', 'Your account cannot be reached at the moment.']
    : ['Something went wrong', 'The page could not be loaded.'];
  return (
    <StatusPage
      title={title}
      text={`${text} Your tasks are safe.`}
      action={<Button onClick={retry}>Try again</Button>}
    />
  );
}
