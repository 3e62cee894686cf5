'use client';

import { BASE_PATH } from './lib/base-path.ts';
import './globals.css';

/**
 * Shown if the layout could not be rendered. This page is rendered at build time, without a nonce, so it has to work without scripts:
 * the link loads the page again.
 */
export default function GlobalError() {
  return (
    <html lang="en">
      <head>
        <title>Something went wrong · Tasks</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
      </head>
      <body>
        <main className="grid min-h-dvh place-items-center p-4">
          <div className="flex flex-col items-center gap-4 text-center">
            <h1 className="text-2xl font-semibold">Something went wrong</h1>
            <p className="text-muted">The page could not be loaded. Your tasks are safe.</p>
            <a href={`${BASE_PATH}/tasks`} className="link">
              Reload the page
            </a>
          </div>
        </main>
      </body>
    </html>
  );
}
