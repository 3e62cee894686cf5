/** What the colours follow: the system, or a choice. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const THEME_COOKIE = 'theme';
const YEAR = 31_536_000;

/** The background of pages, as `--color-canvas` has it, for what the browser draws around them. */
export const CANVAS = { light: '#f6f6f4', dark: '#101216' } as const;

/** The theme that a cookie names; the system's when it names none. */
export function parseTheme(value: string | undefined): Theme {
  return THEMES.find((theme) => theme === value) ?? 'system';
}

/**
 * The cookie that remembers a theme, as `document.cookie` takes it. It is no secret, and lasts a year.
 *
 * @param secure whether the page came by https
 */
export function themeCookie(theme: Theme, secure: boolean): string {
  const lifetime = theme === 'system' ? 0 : YEAR;
  return `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${lifetime}; SameSite=Lax${secure ? '; Secure' : ''}`;
}
