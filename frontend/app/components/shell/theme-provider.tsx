'use client';

import { createContext, use, useState, type ReactNode } from 'react';
import { CANVAS, themeCookie, type Theme } from '../../lib/theme.ts';

interface ThemeChoice {
  readonly theme: Theme;
  /** Changes the colours at once, and stores the choice in a cookie. */
  readonly choose: (theme: Theme) => void;
}

const ThemeContext = createContext<ThemeChoice>({ theme: 'system', choose: () => undefined });

/** Provides the theme. The server has rendered it into `<html data-theme>` already, so that the page does not flash. */
export function ThemeProvider({
  initial,
  children,
}: {
  readonly initial: Theme;
  readonly children: ReactNode;
}) {
  const [theme, setTheme] = useState(initial);
  function choose(chosen: Theme) {
    setTheme(chosen);
    document.documentElement.dataset['theme'] = chosen;
    document.cookie = themeCookie(chosen, window.location.protocol === 'https:');
  }
  return (
    <ThemeContext value={{ theme, choose }}>
      <ThemeColor theme={theme} />
      {children}
    </ThemeContext>
  );
}

/** The theme, and a function to change it. */
export function useTheme(): ThemeChoice {
  return use(ThemeContext);
}

/** The colour of the browser's own interface around the page. React moves the elements into the head. */
function ThemeColor({ theme }: { readonly theme: Theme }) {
  if (theme !== 'system') return <meta name="theme-color" content={CANVAS[theme]} />;
  return (
    <>
      <meta name="theme-color" media="(prefers-color-scheme: light)" content={CANVAS.light} />
      <meta name="theme-color" media="(prefers-color-scheme: dark)" content={CANVAS.dark} />
    </>
  );
}
