import { expect, test } from 'vitest';
import { readFile } from 'node:fs/promises';
import { CANVAS, parseTheme, themeCookie } from '../../../frontend/app/lib/theme.ts';

test.each([
  ['dark', 'dark'],
  ['light', 'light'],
  ['system', 'system'],
  [undefined, 'system'],
  ['"><script>', 'system'],
])('parses the cookie %j as %s', (cookie, theme) => {
  expect(parseTheme(cookie)).toBe(theme);
});

test('stores a choice for a year, and deletes the cookie for the system theme', () => {
  expect(themeCookie('dark', false)).toBe('theme=dark; Path=/; Max-Age=31536000; SameSite=Lax');
  expect(themeCookie('system', false)).toContain('Max-Age=0');
  expect(themeCookie('light', true)).toMatch(/; Secure$/);
});

test('uses the colours of the style sheet', async () => {
  const styles = await readFile('frontend/app/globals.css', 'utf8');
  expect(styles).toContain(`--color-canvas: light-dark(${CANVAS.light}, ${CANVAS.dark});`);
});
