import { dirname } from 'node:path';
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

const config: NextConfig = {
  // The client SDK is a workspace beside this one.
  turbopack: { root: dirname(dirname(fileURLToPath(import.meta.url))) },
  // What another environment has left there, as `make app-mock` does, sends pages into a loop of reloads.
  experimental: { turbopackFileSystemCacheForDev: false },
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
