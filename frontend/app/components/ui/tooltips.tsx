'use client';

import { useEffect, useState } from 'react';
import type * as TooltipModule from './tooltip.tsx';
import { watchTooltips, type ShownTooltip } from './watch-tooltips.ts';

/** The tooltip of every element with a `data-tooltip`; once a page. */
export function Tooltips() {
  const [shown, setShown] = useState<ShownTooltip>();
  const [code, setCode] = useState<typeof TooltipModule>();
  useEffect(
    () =>
      watchTooltips((tooltip) => {
        setShown(tooltip);
        // Fetched for the first one, which a phone never has. Without a line there is none; the names are there anyway.
        import('./tooltip.tsx').then(setCode, () => undefined);
      }),
    [],
  );
  return shown && code && <code.Tooltip {...shown} />;
}
