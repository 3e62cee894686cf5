import { BASE_PATH } from './base-path.ts';

/** The colour schemes that a user can choose; `system` follows the operating system. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'theme';
const YEAR = 31_536_000;

/** The background of pages, for the browser's own interface around them. The same as `--color-canvas`. */
export const CANVAS = { light: '#f6f6f4', dark: '#101216' } as const;

/** The theme in a cookie; `system` if the value is missing or unknown. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/**
 * The cookie that stores a theme for a year, as `document.cookie` takes it; for `system` it deletes the cookie.
 *
 * @param secure whether the page was loaded over https
 */
export function themeCookie(theme: Theme, secure: boolean): string {
  const path = BASE_PATH || '/';
  const lifetime = theme === 'system' ? 0 : YEAR;
  return `${THEME_COOKIE}=${theme}; Path=${path}; Max-Age=${lifetime}; SameSite=Lax${secure ? '; Secure' : ''}`;
}
