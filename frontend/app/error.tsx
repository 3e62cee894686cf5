'use client';

import { StatusPage } from './components/shell/centered-page.tsx';
import { Button } from './components/ui/button.tsx';

/** Shown if a page could not be rendered. */
export default function ErrorPage({ retry }: { readonly retry: () => void }) {
  return (
    <StatusPage
      title="Something went wrong"
      text="The page could not be loaded. Your tasks are safe."
      action={<Button onClick={retry}>Try again</Button>}
    />
  );
}
