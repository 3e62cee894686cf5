'use client';

import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ShownTooltip } from './tooltips.tsx';

/** A short text beside an element, loaded lazily. */
export function Tooltip({ anchor, open }: ShownTooltip) {
  return (
    <Base.Root open={open}>
      <Base.Portal>
        <Base.Positioner anchor={anchor} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            role="tooltip"
            className="max-w-64 rounded-lg bg-ink px-2.5 py-1.5 text-sm text-canvas shadow-float transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0"
          >
            {anchor.dataset['tooltip']}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
