import type { BrowserContextOptions, ViewportSize } from 'playwright-core';

/** A device on which pages are tested. */
export interface Device {
  readonly name: 'phone' | 'desktop';
  readonly viewport: ViewportSize;
  readonly options: BrowserContextOptions;
}

export const phone: Device = {
  name: 'phone',
  viewport: { width: 390, height: 844 },
  options: { isMobile: true, hasTouch: true },
};

export const desktop: Device = {
  name: 'desktop',
  viewport: { width: 1280, height: 800 },
  options: {},
};

export const devices = [desktop, phone];
