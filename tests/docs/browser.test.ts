import { mkdirSync, readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadContract } from '../../src/contract.ts';
import { chromiumPath, launchChromium } from '../support/browser.ts';
import { useService } from '../support/service.ts';

const SCREENSHOTS = '.data/screenshots';

const sizes = [
  { name: 'phone', viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
  { name: 'desktop', viewport: { width: 1440, height: 900 } },
];

interface Operation {
  readonly operationId?: string;
  readonly summary: string;
  readonly tags?: readonly [string];
}
const { info, paths = {} } = loadContract();
const headings = [...(info.description ?? '').matchAll(/^## (.+)$/gm)].map(([, text = '']) => text);
const operations = (Object.values(paths) as Record<string, Operation>[])
  .flatMap((path) => Object.values(path))
  .flatMap(({ operationId, summary, tags: [tag] = [''] }) =>
    operationId === undefined ? [] : [{ id: operationId, summary, tag }],
  );
const tags = [...new Set(operations.map(({ tag }) => tag))];

/** The place of an operation in the page. */
const placeOf = ({ id, tag }: { id: string; tag: string }) =>
  `/${tag.replace(' ', '-')}/${id}`.toLowerCase();

// Skipped without Chromium. Set CHROMIUM if it is not on the PATH.
describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const service = useService();
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  describe.each(sizes)('on a $name', ({ name, ...size }) => {
    let page: Page;
    const requests: string[] = [];
    const messages: string[] = [];

    beforeAll(async () => {
      const context = await browser.newContext(size);
      page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('request', (request) => requests.push(request.url()));
      page.on('console', (message) => {
        if (message.type() !== 'info') messages.push(message.text());
      });
      page.on('pageerror', ({ message }) => messages.push(message));
      await page.addInitScript(`addEventListener('securitypolicyviolation', (event) => {
        console.error('Violation of', event.violatedDirective, event.blockedURI);
      })`);
      await page.goto(`${service.url}/docs`);
    });
    afterAll(() => page.context().close());

    const goTo = (place: string) => page.evaluate(`location.hash = '#${place}'`);
    const screenshot = (of: string) =>
      page.screenshot({ path: `${SCREENSHOTS}/${name}-${of}.png` });
    /** A phone shows either the menu or the text; a desktop shows both. */
    const showMenu = async (wanted: boolean) => {
      const button = page.getByLabel(`${wanted ? 'Open' : 'Close'} navigation menu`);
      if (await button.isVisible()) await button.click();
    };
    const expectToFit = async () => {
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(size.viewport.width);
    };

    test('starts with the introduction', async () => {
      expect(await page.title()).toBe(info.title);
      await page.locator('h1', { hasText: info.title }).waitFor();
      for (const heading of headings) {
        await page.locator('h2').getByText(heading, { exact: true }).waitFor();
      }
      await screenshot('introduction');
      await goTo('/section/errors');
      await page.getByText('method-not-allowed').first().waitFor();
      await screenshot('errors');
      await expectToFit();
    });

    test.each(tags)('has every operation of %s in its menu', async (tag) => {
      await showMenu(true);
      const menu = page.locator('.menu-content');
      await menu.getByText(tag, { exact: true }).click();
      await showMenu(true);
      for (const operation of operations.filter((it) => it.tag === tag)) {
        const link = menu.locator(`a[href="#${placeOf(operation)}"]`);
        await link.waitFor();
        expect(await link.textContent()).toContain(operation.summary);
      }
      await screenshot(`menu-of-${tag.replace(' ', '-').toLowerCase()}`);
    });

    test.each(['curl', 'TypeScript'])('shows the %s samples', async (language) => {
      const extension = language === 'curl' ? 'sh' : 'ts';
      await showMenu(false);
      for (const operation of operations) {
        const place = placeOf(operation);
        await goTo(place);
        const panel = page.locator(`[data-section-id="${place}"] .panel-request-samples`);
        await panel.scrollIntoViewIfNeeded();
        const choice = panel.getByRole('button', { name: /^(curl|TypeScript|Payload)$/ });
        if ((await choice.textContent()) !== language) {
          await choice.click();
          await page.getByRole('menuitem', { name: language, exact: true }).click();
        }
        const sample = readFileSync(`openapi/samples/${operation.id}.${extension}`, 'utf8').trim();
        const { port } = new URL(service.url);
        await expect
          .poll(() => panel.locator('pre').innerText())
          .toContain(sample.replaceAll('localhost:8000', `localhost:${port}`));
        // The example selector is for the payload, which is not shown.
        expect(await panel.getByLabel('Example').isVisible()).toBe(false);
        await expectToFit();
        if (operation.id === 'createTask') await screenshot(`sample-${extension}`);
      }
    });

    test('has a working search', async () => {
      await showMenu(true);
      await page.getByTestId('search-trigger').click();
      await page.keyboard.type('merge patch');
      await page.getByText('A JSON merge patch').last().waitFor();
      await screenshot('search');
    });

    test('sends no request to another origin, and logs no error', () => {
      const own = [service.url, 'data:'];
      expect(requests.filter((url) => !own.some((start) => url.startsWith(start)))).toEqual([]);
      expect(requests).toContain(`${service.url}/docs`);
      // Redoc's search checks once whether it may use eval, and works without it.
      expect(messages).toEqual(['Violation of script-src eval']);
    });
  });
});
