'use client';

import { Monitor, Moon, Sun } from 'lucide-react';
import { THEMES, type Theme } from '../../lib/theme.ts';
import { IconButton } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { useTheme } from './theme-provider.tsx';

const ICONS = { system: Monitor, light: Sun, dark: Moon } satisfies Record<Theme, unknown>;

/** A button that switches to the next theme: system, light, dark. */
export function ThemeToggle() {
  const { theme, choose } = useTheme();
  const Icon = ICONS[theme];
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system';
  return (
    <IconButton
      label={`Appearance: ${theme}. Switch to ${next}`}
      onClick={() => {
        choose(next);
      }}
    >
      <Icon aria-hidden size={20} />
    </IconButton>
  );
}

/** A choice between all themes. */
export function ThemeChoice() {
  const { theme, choose } = useTheme();
  return (
    <Segmented
      label="Appearance"
      value={theme}
      onChange={choose}
      options={[
        { value: 'system', label: 'System' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
    />
  );
}
