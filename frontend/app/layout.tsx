import type { Metadata, Viewport } from 'next';
import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from './components/shell/providers.tsx';
import { readConfig } from './lib/config.ts';
import { parseTheme, THEME_COOKIE } from './lib/theme.ts';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Tasks', template: '%s · Tasks' },
  description: 'A quick, calm list of your tasks. It is yours alone, and goes where you go.',
  applicationName: 'Tasks',
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = { colorScheme: 'light dark' };

/** Around all pages. It reads a cookie, so that pages are made for each request, with a nonce of their own. */
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
