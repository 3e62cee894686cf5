'use client';

import { StatusPage } from './components/shell/status-page.tsx';
import { Button } from './components/ui/button.tsx';

/** Shown instead of a page that could not be made. */
export default function ErrorPage({ retry }: { readonly retry: () => void }) {
  return (
    <StatusPage
      title="Something went wrong"
      text="The page could not be made. Nothing of yours is lost."
      action={<Button onClick={retry}>Try again</Button>}
    />
  );
}
