'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { watchTooltips, type ShownTooltip } from './watch-tooltips.ts';

// Fetched when the first one shows: a phone never needs it.
const Tooltip = dynamic(() => import('./tooltip.tsx').then((module) => module.Tooltip), {
  ssr: false,
});

/** The tooltip of every element with a `data-tooltip`; once a page. */
export function Tooltips() {
  const [shown, setShown] = useState<ShownTooltip>();
  useEffect(() => watchTooltips(setShown), []);
  return shown && <Tooltip {...shown} />;
}
