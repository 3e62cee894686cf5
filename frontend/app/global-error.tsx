'use client';

import './globals.css';

/**
 * Shown when not even the layout could be made. It is built once, without a nonce for scripts, so that it has to work
 * without any: a plain link, which loads the page anew.
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
            <p className="text-muted">The page could not be made. Nothing of yours is lost.</p>
            <a href="/tasks" className="link">
              Load the page again
            </a>
          </div>
        </main>
      </body>
    </html>
  );
}
