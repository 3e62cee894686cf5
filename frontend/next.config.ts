import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** The headers of every response. This file is evaluated at build time; proxy.ts sets what depends on settings or the request. */
const securityHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy':
    'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** https://v8.dev/blog/explicit-compile-hints */
const COMPILE_HINT = '//# allFunctionsCalledOnLoad\n';

/**
 * Makes Chromium compile all functions of the built scripts while they download, off the main thread. Turbopack wraps each module in
 * a function. Without the hint, Chromium would parse that function again when it is called.
 */
async function hintCompilation(distDir: string): Promise<void> {
  const chunks = join(distDir, 'static/chunks');
  for (const name of await readdir(chunks, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const script = await readFile(join(chunks, name), 'utf8');
    // An unchanged file of the last build has the hint already.
    if (!script.startsWith(COMPILE_HINT))
      await writeFile(join(chunks, name), COMPILE_HINT + script);
  }
}

// eslint-disable-next-line no-restricted-properties -- The build has no other settings. NEXT_DIST_DIR is for tests.
const { BETTER_AUTH_URL = '', NEXT_DIST_DIR = '.next' } = process.env;
/** A build is for one path, that of the public URL. */
const { pathname } = new URL(BETTER_AUTH_URL || 'http://localhost');
const basePath = pathname.replace(/\/+$/, '');

const config: NextConfig = {
  basePath,
  distDir: NEXT_DIST_DIR,
  env: { BASE_PATH: basePath },
  // The client SDK is in a sibling workspace.
  turbopack: { root: dirname(dirname(fileURLToPath(import.meta.url))) },
  experimental: {
    // A cache written with other settings, for example by `make app-mock`, makes pages reload in a loop.
    turbopackFileSystemCacheForDev: false,
    // In bytes before minification. Half as many script requests as with the default, which helps on slow connections.
    turbopackChunking: { minChunkSize: 300_000 },
    // In bytes. Next.js keeps the body of a request for a page in memory for proxy.ts, by default up to 10 MB of each.
    proxyClientMaxBodySize: 16 * 1024,
  },
  compiler: { runAfterProductionCompile: ({ distDir }) => hintCompilation(distDir) },
  // `npm run types` checks them in a third of the time.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  headers: () =>
    Promise.resolve([
      {
        source: '/:path*',
        headers: Object.entries(securityHeaders).map(([key, value]) => ({ key, value })),
      },
    ]),
};

export default config;
