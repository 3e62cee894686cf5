import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newSession } from './support/person.ts';
import { expectFocus } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { expectTitles, taskBox } from './support/task-list.ts';
import { filterOption } from './support/task-page.ts';
import { visitTasks } from './support/visit-tasks.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test('controls that need a connection show this while offline, and work when the connection is back', async () => {
    const { person, page, context, look } = await visitTasks(stage, [
      'Buy milk',
      'Call Zoë',
      'Pay rent',
    ]);
    await loadTooltips(page);
    await filterOption(page, 'Pending').check();
    // The page shows a change before the response, without which the change would fail offline.
    const completed = page.waitForResponse(
      (response) => response.url().endsWith('/complete') && response.ok(),
    );
    await taskBox(page, 'Pay rent').click();
    // The notice closes by itself, but not below the pointer.
    await page.getByRole('dialog').getByText('“Pay rent” completed').hover();
    await page.getByRole('radio', { name: 'Pending 2', exact: true }).waitFor();
    await (await completed).finished();
    await context.setOffline(true);
    await page.getByText('Other changes need a connection.').waitFor();
    const box = taskBox(page, 'Buy milk');
    const undo = page.getByRole('button', { name: 'Undo' });
    // The notice first, which closes soon after the pointer has left it.
    await expectNotAvailable(page, [
      undo,
      box,
      page.getByRole('button', { name: 'Delete “Buy milk”' }),
      page.getByRole('button', { name: 'Edit “Buy milk”' }),
    ]);
    await page
      .getByRole('status')
      .getByText('Not available offline')
      .waitFor({ state: 'attached' });
    expect(await box.isChecked()).toBe(false);
    await expectTitles(page, ['Call Zoë', 'Buy milk']);
    await look('15-read-only');
    await page.keyboard.press('Control+z');
    await page.getByText('Not undone while offline: “Pay rent” completed').first().waitFor();

    await context.setOffline(false);
    await eventually(() => box.getAttribute('aria-disabled')).toBe(null);
    await page.keyboard.press('Control+z');
    await expectTitles(page, ['Pay rent', 'Call Zoë', 'Buy milk']);
    await box.click();
    await eventually(async () => (await person.tasks.countTasks()).completed).toBe(1);
  });

  test('the controls of the account page and of the header show this while offline, and keep what was entered', async () => {
    const { person, page, context, open } = await visitTasks(stage, []);
    const userAgent = 'Mozilla/5.0 (iPhone) Safari/604.1';
    await newSession(stage.app, person, userAgent);
    await open('/account');
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    const password = page.getByLabel('New password');
    await password.fill('something new');
    await page.getByText('Safari on iPhone').waitFor();
    await loadTooltips(page);

    await context.setOffline(true);
    await page.getByText('Other changes need a connection.').waitFor();
    await expectNotAvailable(page, [
      button('Change password'),
      button('Delete account…'),
      button('Download my data'),
      button('Sign out Safari on iPhone'),
      button('Sign out all other devices'),
      button('Sign out'),
    ]);
    await password.press('Enter');
    // The form was not submitted: that would move the focus to the empty field.
    await expectFocus(password);
    expect(await page.getByText('You are offline').count()).toBe(0);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await password.inputValue()).toBe('something new');

    await context.setOffline(false);
    await eventually(() => button('Change password').getAttribute('aria-disabled')).toBe(null);
    await button('Sign out Safari on iPhone').click();
    await page.getByText('Safari on iPhone').waitFor({ state: 'hidden' });
    expect(await password.inputValue()).toBe('something new');
  });
});

/** Waits for the first tooltip, whose code is loaded on demand. */
async function loadTooltips(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).hover();
  await page.getByRole('tooltip').waitFor();
}

/** Expects controls that show, also in their tooltip, that they are not available offline. Clicks each. */
async function expectNotAvailable(page: Page, controls: readonly Locator[]): Promise<void> {
  for (const control of controls) {
    expect(await control.getAttribute('aria-disabled'), String(control)).toBe('true');
    expect(await control.getAttribute('aria-description')).toBe('Not available offline');
    await control.hover({ force: true });
    await page.getByRole('tooltip').getByText('Not available offline').waitFor();
    await control.click({ force: true });
  }
}
