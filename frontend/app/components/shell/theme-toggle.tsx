'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { THEMES, type Theme } from '../../lib/theme.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { useTheme } from './theme-provider.tsx';

const ICONS = { system: Monitor, light: Sun, dark: Moon } satisfies Record<Theme, unknown>;

/** Goes through the themes: the system's, light, dark. */
export function ThemeToggle() {
  const { theme, choose } = useTheme();
  const Icon = ICONS[theme];
  return (
    <IconButton
      label={`Appearance: ${theme}. Change it`}
      onClick={() => {
        choose(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system');
      }}
    >
      <Icon aria-hidden size={20} />
    </IconButton>
  );
}
