import { createHash } from 'node:crypto';

const SCRIPT = /<script\b[^>]*>(.*?)<\/script>/gs;
const STYLE = /<style\b[^>]*>(.*?)<\/style>/gs;

/**
 * The Content-Security-Policy under which a page runs its own inline scripts and styles, known by their hashes, and
 * nothing else (CSP level 3): it loads nothing, sends nothing, and is framed by nobody.
 */
export function policyOf(html: string): string {
  const scripts = html.matchAll(SCRIPT);
  const styles = html.replace(SCRIPT, '').matchAll(STYLE);
  const directives = {
    'default-src': ["'none'"],
    'script-src': hashesOf(scripts),
    // Redoc fills empty style elements by script, which needs no permission beyond the one to be there.
    'style-src-elem': [hashOf(''), ...hashesOf(styles)],
    // Redoc colours code and places menus by style attributes, which can load nothing under this policy.
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
