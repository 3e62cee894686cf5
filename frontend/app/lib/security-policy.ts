import type { Config } from './config.ts';

type Settings = Pick<Config, 'development' | 'secure' | 'url' | 'tasksApiUrl'>;

const YEAR = 31_536_000;

/**
 * The Content-Security-Policy of a page: its own scripts, styles and pictures, requests to itself and to the service,
 * and nothing else.
 *
 * @param nonce what marks the scripts and styles of this one reply
 * @see https://www.w3.org/TR/CSP3/
 */
function contentSecurityPolicy(nonce: string, settings: Settings): string {
  const { development, secure } = settings;
  const marked = `'nonce-${nonce}'`;
  const directives: Record<string, readonly string[]> = {
    'default-src': ["'none'"],
    // In development React explains errors by `eval`, and changes come by a socket and as styles without a mark.
    'script-src': [marked, "'strict-dynamic'", ...(development ? ["'unsafe-eval'"] : [])],
    'style-src': ["'self'", development ? "'unsafe-inline'" : marked],
    'img-src': ["'self'"],
    'font-src': ["'self'"],
    'connect-src': ["'self'", ...serviceOrigin(settings), ...(development ? ['ws:'] : [])],
    'manifest-src': ["'self'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
    'base-uri': ["'none'"],
    'object-src': ["'none'"],
    // The one policy is in instrumentation-client.ts.
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

/** What else a page is sent with, beyond what every reply is (next.config.ts). */
export function pageHeaders(nonce: string, settings: Settings): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce, settings),
    'Cache-Control': 'private, no-store',
    ...(settings.secure && { 'Strict-Transport-Security': `max-age=${YEAR}; includeSubDomains` }),
  };
}

function serviceOrigin({ tasksApiUrl, url }: Settings): string[] {
  const { origin } = new URL(tasksApiUrl, url);
  return origin === url ? [] : [origin];
}
