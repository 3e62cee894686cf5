import { BASE_PATH } from './base-path.ts';
import type { Config } from './config.ts';

type Settings = Pick<Config, 'development' | 'secure' | 'url' | 'tasksApiUrl'>;

const YEAR = 31_536_000;
const BUILD_PATH = `${BASE_PATH}/_next/static/`;
/** The path of the service worker, in the folder `public`. */
export const SERVICE_WORKER = `${BASE_PATH}/service-worker.js`;

/**
 * The Content-Security-Policy of a page. It allows the application's own scripts, styles and images, and requests to the application
 * and to the service.
 *
 * @param nonce marks the scripts and styles of this one response
 * @see https://www.w3.org/TR/CSP3/
 */
function contentSecurityPolicy(nonce: string, settings: Settings): string {
  const { development, secure } = settings;
  const withNonce = `'nonce-${nonce}'`;
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    // In development, React uses `eval` for its messages, and hot reloading needs a WebSocket and styles without a nonce.
    'script-src': [withNonce, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", development ? "'unsafe-inline'" : withNonce],
    'img-src': ["'self'"],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...serviceOrigin(settings), ...(development ? ['ws:'] : [])],
    'worker-src': ["'self'"],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
    // instrumentation-client.ts defines the default policy.
    ...(!development && {
      'require-trusted-types-for': ["'script'"],
      'trusted-types': ['default'],
    }),
    ...(secure && { 'upgrade-insecure-requests': [] }),
  };
  return Object.entries(directives)
    .map(([name, sources]) => [name, ...sources].join(' '))
    .join('; ');
}

/** The headers of a page, in addition to those of every response (next.config.ts). */
export function pageHeaders(nonce: string, settings: Settings): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce, settings),
    'Cache-Control': 'private, no-store',
    ...(settings.secure && { 'Strict-Transport-Security': `max-age=${YEAR}; includeSubDomains` }),
  };
}

/**
 * Whether a URL is that of a script built with this application, or of its service worker: the only ones that the trusted types policy accepts.
 *
 * @param url an absolute URL, or a path of the page's origin
 * @param origin the origin of the page
 */
export function isBuiltScript(url: string, origin: string): boolean {
  if (!URL.canParse(url, origin)) return false;
  const resolved = new URL(url, origin);
  return (
    resolved.origin === origin &&
    (resolved.pathname.startsWith(BUILD_PATH) || resolved.pathname === SERVICE_WORKER)
  );
}

function serviceOrigin({ tasksApiUrl, url }: Settings): string[] {
  const { origin } = new URL(tasksApiUrl, url);
  return origin === url ? [] : [origin];
}
