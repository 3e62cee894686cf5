'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { configureApi } from '../../lib/api/client.ts';
import { createQueryClient } from '../../lib/tasks/query-client.ts';
import type { Theme } from '../../lib/theme.ts';
import { useDoubleClicks } from '../ui/double-clicks.ts';
import { Notices } from '../ui/notices.tsx';
import { Tooltips } from '../ui/tooltips.tsx';
import { ThemeProvider } from './theme-provider.tsx';

interface ProvidersProps {
  /** The service's base URL for browsers. Read at run time, so that one build can be deployed anywhere. */
  readonly serviceUrl: string;
  readonly theme: Theme;
  readonly children: ReactNode;
}

/** The providers that all pages need. */
export function Providers({ serviceUrl, theme, children }: ProvidersProps) {
  const [queryClient] = useState(() => {
    configureApi({ serviceUrl });
    return createQueryClient();
  });
  useDoubleClicks();
  return (
    // The style sheet contains everything that the components need, so the policy does not have to allow <style> elements.
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={queryClient}>
        <ThemeProvider initial={theme}>
          {children}
          <Notices />
          <Tooltips />
        </ThemeProvider>
      </QueryClientProvider>
    </CSPProvider>
  );
}
