import type { Request } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { expectFocus } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks } from './support/stored-tasks.ts';
import { addTask, expectTitles, taskBox } from './support/task-list.ts';

/** The scripts of a page, and the code that is loaded on demand: dialogs and tooltips. */
describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** @param isIdle whether the browser reports that it is idle */
  const atTasks = async (isIdle: boolean) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Buy milk']);
    const visitor = await stage.visitor({ person });
    const { page, complaints, open } = visitor;
    complaints.allow(/^net::ERR_(INTERNET_DISCONNECTED|FAILED) /);
    if (!isIdle) {
      await page.addInitScript(() => {
        window.requestIdleCallback = () => 0;
      });
    }
    const loading = new Set<Request>();
    const ended = (request: Request) => loading.delete(request);
    page.on('request', (request) => loading.add(request));
    page.on('requestfinished', ended);
    page.on('requestfailed', ended);
    await open('/tasks');
    await expectTitles(page, ['Buy milk']);
    /** Waits for the code that the page loads when the browser is idle. */
    const idleCode = async () => {
      await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
      await eventually(() => loading.size).toBe(0);
    };
    const help = page.getByRole('button', { name: 'Keyboard shortcuts' });
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    return { ...visitor, help, dialog, tooltip: page.getByRole('tooltip'), idleCode };
  };

  test('each script of a page has the hint to compile it while it downloads', async () => {
    const { page } = await atTasks(true);
    const addresses = await page.evaluate(() =>
      [...document.querySelectorAll('script')].flatMap(({ src, noModule }) =>
        src === '' || noModule ? [] : [src],
      ),
    );
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      const response = await page.request.get(address);
      expect(await response.text()).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
    }
  });

  test('dialogs and tooltips work offline', async () => {
    const { page, context, help, dialog, tooltip, idleCode } = await atTasks(true);
    await idleCode();
    await context.setOffline(true);
    await help.hover();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Keyboard shortcuts']);
    await help.click();
    await dialog.waitFor();
    // The space that is reserved for the scroll bar has the colour of the backdrop.
    const background = () =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    expect(await background()).not.toBe('rgba(0, 0, 0, 0)');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expectFocus(help);
    await eventually(background).toBe('rgba(0, 0, 0, 0)');
  });

  test('a dialog that cannot be loaded offline shows a notice, and works when the browser is online again', async () => {
    const { page, context, help, dialog, tooltip } = await atTasks(false);
    await context.setOffline(true);
    await help.hover();
    await help.click();
    await page.getByRole('dialog', { name: 'You are offline' }).waitFor();
    expect(await dialog.count()).toBe(0);
    await taskBox(page, 'Buy milk').waitFor();
    await context.setOffline(false);
    await help.click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await taskBox(page, 'Buy milk').hover();
    await help.hover();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Keyboard shortcuts']);
  });

  test('a tooltip is shown on hover and on focus, stays open while hovered, and is closed by Esc', async () => {
    const { page, tooltip } = await atTasks(true);
    const [edit, remove] = [/^Edit/, /^Delete/].map((name) => page.getByRole('button', { name }));
    await edit?.hover();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Edit']);
    await tooltip.hover();
    // Longer than the delay after which the tooltip would close.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 500)));
    expect(await tooltip.allInnerTexts()).toEqual(['Edit']);
    await page.keyboard.press('Tab');
    await remove?.focus();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Delete']);
    await page.keyboard.press('Escape');
    await tooltip.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await expectTitles(page, []);
    expect(await tooltip.count()).toBe(0);
    // Its text may no longer apply.
    const theme = page.getByRole('button', { name: /^Appearance/ });
    await page.keyboard.press('Shift+Tab');
    await theme.focus();
    await eventually(() => tooltip.allInnerTexts()).toEqual([
      await theme.getAttribute('aria-label'),
    ]);
    await page.keyboard.press('Enter');
    await tooltip.waitFor({ state: 'detached' });
  });

  test('a tooltip is removed with its row, and does not point to the row that takes its place', async () => {
    const { page, tooltip } = await atTasks(true);
    await addTask(page, 'Two');
    const remove = page.getByRole('button', { name: 'Delete “Two”' });
    await remove.hover();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Delete']);
    await page.evaluate(watchTooltips);
    await remove.click();
    await expectTitles(page, ['Buy milk']);
    await eventually(() => page.evaluate(() => window.isMisplaced)).toBe(false);
  });
});

declare global {
  interface Window {
    /** Whether a tooltip was shown after its row was removed; undefined until both are gone. */
    isMisplaced: boolean | undefined;
  }
}

function watchTooltips(): void {
  window.isMisplaced = undefined;
  const observer = new MutationObserver(() => {
    if (document.querySelectorAll('main li').length > 1) return;
    if (document.querySelector('[role=tooltip]')) window.isMisplaced = true;
    else {
      window.isMisplaced ??= false;
      // After some time, the other row, which is now under the pointer, has a tooltip of its own.
      observer.disconnect();
    }
  });
  observer.observe(document, { subtree: true, childList: true });
}
