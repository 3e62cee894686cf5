'use client';

import { useTheme } from '../shell/theme-provider.tsx';
import { Segmented } from '../ui/segmented.tsx';

/** Chooses the colours of the application, in this browser. */
export function Appearance() {
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
