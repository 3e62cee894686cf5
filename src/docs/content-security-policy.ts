import { createHash } from 'node:crypto';

const SCRIPT = /<script\b[^>]*>(.*?)<\/script>/gs;
const STYLE = /<style\b[^>]*>(.*?)<\/style>/gs;

/**
 * The Content-Security-Policy (CSP level 3) of a self-contained page. It allows the page's own inline scripts and styles by
 * their hashes, and nothing else: no requests, no forms, no framing.
 */
export function contentSecurityPolicyOf(html: string): string {
  const scripts = html.matchAll(SCRIPT);
  const styles = html.replace(SCRIPT, '').matchAll(STYLE);
  const directives = {
    'default-src': ["'none'"],
    'script-src': hashesOf(scripts),
    // Redoc adds empty style elements and fills them by script, which CSP allows if the empty element is allowed.
    'style-src-elem': [hashOf(''), ...hashesOf(styles)],
    // Redoc sets style attributes for highlighted code and menus. They cannot load anything under this policy.
    'style-src-attr': ["'unsafe-inline'"],
    'img-src': ['data:'],
    'font-src': ['data:'],
    'base-uri': ["'none'"],
    'form-action': ["'none'"],
    'frame-ancestors': ["'none'"],
  };
  return Object.entries(directives)
    .map(([name, values]) => [name, ...values].join(' '))
    .join(';');
}

function hashesOf(elements: Iterable<RegExpExecArray>): string[] {
  return Array.from(elements, ([, text = '']) => hashOf(text));
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
