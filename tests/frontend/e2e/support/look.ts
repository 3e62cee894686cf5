import { readFileSync } from 'node:fs';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Device } from './devices.ts';

const SCREENSHOTS = 'dist/screenshots';
const { TAKE_SCREENSHOTS = '' } = process.env;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
/** The rules for each colour scheme. The dark one changes nothing but colours. */
const SCHEMES = [
  ['light', RULES],
  ['dark', ['color-contrast']],
] as const;
const OPTIONS: RunOptions = {
  resultTypes: ['violations'],
  // No rule here reads style sheets.
  preload: { assets: ['media'] },
};

let axe: string | undefined;

/**
 * Expects that axe finds nothing in a page as it is now, light and dark, and that nothing is wider than the screen. With
 * `TAKE_SCREENSHOTS`, also takes screenshots into `dist/screenshots/<device>/<name>.png` and `<name>-dark.png`.
 *
 * @param devices whose screens the window is made as large as, one after another
 */
export async function lookAt(page: Page, devices: readonly Device[], name: string): Promise<void> {
  // In a window of another size, the mouse could be over a button, whose tooltip would appear at some time.
  await page.mouse.move(0, 0);
  // A notice can close at any time; in the middle of a fade, axe finds the colours of neither.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const { name: folder, viewport } of devices) {
    await page.setViewportSize(viewport);
    for (const [colorScheme, rules] of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      await settle(page);
      if (TAKE_SCREENSHOTS !== '') {
        const suffix = colorScheme === 'dark' ? '-dark' : '';
        await page.screenshot({ path: `${SCREENSHOTS}/${folder}/${name}${suffix}.png` });
      }
      expect(await violations(page, rules), `axe on ${name}, ${folder}, ${colorScheme}`).toEqual(
        [],
      );
    }
    expect(await excessWidth(page), `what is too wide in ${name}, ${folder}`).toBe(0);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** How far a page goes beyond the screen sideways, in pixels. */
export function excessWidth(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

/** Waits until nothing moves that has an end. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const frame = () => new Promise(requestAnimationFrame);
    const moving = () =>
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    // The first frame begins what has changed; the end of one fade begins those that inherit from it.
    do {
      await frame();
      await Promise.allSettled(moving().map(({ finished }) => finished));
      await frame();
    } while (moving().length > 0);
  });
}

/** What axe finds, each with the rule and the elements. */
async function violations(page: Page, rules: readonly string[]): Promise<string[]> {
  axe ??= readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const found = await page.evaluate(
    async (options) => {
      const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
      return (await axe.run(options)).violations;
    },
    { ...OPTIONS, runOnly: [...rules] },
  );
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}\n${failureSummary}`),
  );
}
