import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** Of every reply. What depends on settings or on the request is in proxy.ts, because this is read when it is built. */
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
 * Has Chromium compile every function of the built scripts while they arrive, off the main thread. Turbopack wraps each module in
 * a function, which would otherwise be parsed a second time, with all that is in it, when the page calls it.
 */
async function hintCompilation(distDir: string): Promise<void> {
  const chunks = join(distDir, 'static/chunks');
  for (const name of await readdir(chunks, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const script = await readFile(join(chunks, name), 'utf8');
    // What has not changed since the last build is still there.
    if (!script.startsWith(COMPILE_HINT))
      await writeFile(join(chunks, name), COMPILE_HINT + script);
  }
}

const config: NextConfig = {
  // The client SDK is a workspace beside this one.
  turbopack: { root: dirname(dirname(fileURLToPath(import.meta.url))) },
  experimental: {
    // What another environment has left there, as `make app-mock` does, sends pages into a loop of reloads.
    turbopackFileSystemCacheForDev: false,
    // In bytes before minification: half as many requests for scripts as with the default, which a slow line feels.
    turbopackChunking: { minChunkSize: 300_000 },
  },
  compiler: { runAfterProductionCompile: ({ distDir }) => hintCompilation(distDir) },
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
