'use client';

import { Tooltip } from '@base-ui/react/tooltip';

/** All triggers share one tooltip: a list of a thousand rows has thousands of them. */
export const tooltipHandle = Tooltip.createHandle<string>();

/** The tooltip of every icon button; once a page. */
export function Tooltips() {
  return (
    <Tooltip.Provider delay={400}>
      <Tooltip.Root handle={tooltipHandle}>
        {({ payload }) => (
          <Tooltip.Portal>
            <Tooltip.Positioner sideOffset={6} collisionPadding={8} className="z-50">
              <Tooltip.Popup className="max-w-64 rounded-lg bg-ink px-2.5 py-1.5 text-sm text-canvas shadow-float transition-opacity duration-150 data-ending-style:opacity-0 data-instant:transition-none data-starting-style:opacity-0">
                {payload}
              </Tooltip.Popup>
            </Tooltip.Positioner>
          </Tooltip.Portal>
        )}
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
