'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { configureApi } from '../../lib/api/client.ts';
import { createQueryClient } from '../../lib/tasks/query-client.ts';
import type { Theme } from '../../lib/theme.ts';
import { Notices } from '../ui/notices.tsx';
import { Tooltips } from '../ui/tooltips.tsx';
import { ThemeProvider } from './theme-provider.tsx';

interface ProvidersProps {
  /** Where browsers find the service; read at run time, so that one build serves everywhere. */
  readonly serviceUrl: string;
  readonly theme: Theme;
  readonly children: ReactNode;
}

/** What all pages need around them. */
export function Providers({ serviceUrl, theme, children }: ProvidersProps) {
  const [queryClient] = useState(() => {
    configureApi({ serviceUrl });
    return createQueryClient();
  });
  return (
    // The style sheet has all that the components need: no <style> has to be let in.
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
