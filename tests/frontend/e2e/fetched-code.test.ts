import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { expectFocus } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks } from './support/stored-tasks.ts';
import { expectTitles, taskBox } from './support/task-list.ts';

/** What a page waits for, and what comes after it: dialogs and tooltips. */
describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** @param isIdle whether the browser ever says so */
  const atTasks = async (isIdle: boolean) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Buy milk']);
    const visitor = await stage.visitor({ person });
    const { page, complaints, open } = visitor;
    complaints.allow(/^net::ERR_INTERNET_DISCONNECTED /);
    if (!isIdle) {
      await page.addInitScript(() => {
        window.requestIdleCallback = () => 0;
      });
    }
    await open('/tasks');
    await expectTitles(page, ['Buy milk']);
    const help = page.getByRole('button', { name: 'Keyboard shortcuts' });
    const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    return { ...visitor, help, dialog, tooltip: page.getByRole('tooltip') };
  };

  test('each script of a page asks to be compiled while it arrives', async () => {
    const { page } = await atTasks(true);
    const addresses = await page.evaluate(() =>
      [...document.querySelectorAll('script')].flatMap(({ src, noModule }) =>
        src === '' || noModule ? [] : [src],
      ),
    );
    expect(addresses.length).toBeGreaterThan(1);
    for (const address of addresses) {
      const reply = await page.request.get(address);
      expect(await reply.text()).toMatch(/^\/\/# allFunctionsCalledOnLoad\n/);
    }
  });

  test('a dialog is there when the line is not', async () => {
    const { page, context, help, dialog } = await atTasks(true);
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await help.click();
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    await expectFocus(help);
  });

  test('one that cannot be fetched says so, and is there when the line is back', async () => {
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

  test('a tooltip shows at the pointer and at the focus, stays under the pointer, and goes by Esc', async () => {
    const { page, tooltip } = await atTasks(true);
    const [edit, remove] = [/^Edit/, /^Delete/].map((name) => page.getByRole('button', { name }));
    await edit?.hover();
    await eventually(() => tooltip.allInnerTexts()).toEqual(['Edit']);
    await tooltip.hover();
    // The page's own timers come in order: what would close it has had its turn.
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
    // What it says may be so no more.
    const theme = page.getByRole('button', { name: /^Appearance/ });
    await page.keyboard.press('Shift+Tab');
    await theme.focus();
    await eventually(() => tooltip.allInnerTexts()).toEqual([
      await theme.getAttribute('aria-label'),
    ]);
    await page.keyboard.press('Enter');
    await tooltip.waitFor({ state: 'detached' });
  });
});
