import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from './components/shell/providers.tsx';
import { readConfig } from './lib/config.ts';
import { parseTheme, THEME_COOKIE } from './lib/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Tasks', template: '%s · Tasks' },
  description: 'A fast, simple task list. Private, and available on all your devices.',
  applicationName: 'Tasks',
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

/** The layout of all pages. Reading a cookie makes Next.js render pages for each request, so that each has its own nonce. */
export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" data-theme={theme}>
      <body>
        <Providers serviceUrl={readConfig().tasksApiUrl} theme={theme}>
          {children}
        </Providers>
      </body>
    </html>
  );
}
