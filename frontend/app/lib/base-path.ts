/**
 * The path that the application was built for, such as `/todo`; empty at the root of a host. Next.js adds it to the URLs of links and
 * redirects, and removes it from those that it passes to pages; everything else has to.
 */
// eslint-disable-next-line no-restricted-properties -- Next.js replaces it at build time; next.config.ts sets it.
export const BASE_PATH = process.env['BASE_PATH'] ?? '';
