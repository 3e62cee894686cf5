import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { expectFocus } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { expectTitles, taskBox } from './support/task-list.ts';
import { editForm, expectCounts, filterOption, newTask } from './support/task-page.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  const atTasks = async (titles: readonly string[] = []) => {
    const person = await newPerson(stage.app);
    await giveTasks(person, titles);
    const visitor = await stage.visitor({ person });
    await visitor.open('/tasks');
    await expectTitles(visitor.page, titles.toReversed());
    await expectCounts(visitor.page, titles.length, 0);
    return { person, ...visitor, press: pressIn(visitor.page) };
  };

  test('shortcuts work while the focus is in a notice', async () => {
    const { page, press } = await atTasks(['One']);
    await filterOption(page, 'Pending').check();
    await taskBox(page, 'One').click();
    await page.getByRole('button', { name: 'Undo' }).focus();
    await expectCounts(page, 0, 1);
    await press('Control+z');
    await expectCounts(page, 1, 0);
  });

  test('all actions work with the keyboard only', async () => {
    const { person, page, press } = await atTasks();
    await press('n');
    await expectFocus(newTask(page));
    for (const title of ['One', 'Two', 'Three']) {
      await page.keyboard.insertText(title);
      await press('Enter');
    }
    await expectTitles(page, ['Three', 'Two', 'One']);
    await taskBox(page, 'Three').waitFor();

    // Leaves the form, where letters are not shortcuts.
    await press('Escape', 'j');
    await expectFocus(taskBox(page, 'Three'));
    await press('j');
    await expectFocus(taskBox(page, 'Two'));
    await press('ArrowDown', 'ArrowDown', 'k');
    await expectFocus(taskBox(page, 'Two'));
    await press('x');
    await expectCounts(page, 2, 1);
    await press('Space');
    await expectCounts(page, 3, 0);

    await press('e');
    await expectFocus(editForm(page, 'Two').getByLabel('Title'));
    await press('Control+a');
    await page.keyboard.insertText('Two, better');
    await press('Enter');
    await expectFocus(taskBox(page, 'Two, better'));

    await press('Delete');
    await expectTitles(page, ['Three', 'One']);
    await expectFocus(taskBox(page, 'One'));
    await press('u');
    await expectTitles(page, ['Three', 'Two, better', 'One']);
    expect(await storedTitles(person)).toEqual(['Three', 'Two, better', 'One']);

    await page.getByRole('button', { name: 'Delete “One”' }).focus();
    await press('Enter');
    await expectTitles(page, ['Three', 'Two, better']);

    await press('2');
    await eventually(() => filterOption(page, 'Pending').isChecked()).toBe(true);
    await press('s');
    await expectFocus(page.getByRole('combobox', { name: 'Sort by' }));
  });

  test('u undoes the actions in every view, the newest first, and says what it has undone', async () => {
    const { person, page, press } = await atTasks(['One', 'Two', 'Three']);
    const undo = async (text: string) => {
      await press('u');
      await page.getByText(text).first().waitFor();
    };
    await press('j', 'e');
    await expectFocus(editForm(page, 'Three').getByLabel('Title'));
    await page.keyboard.insertText(' times');
    await press('Enter');
    await expectFocus(taskBox(page, 'Three times'));
    await press('j', 'j', 'Delete');
    await expectTitles(page, ['Three times', 'Two']);
    await expectFocus(taskBox(page, 'Two'));
    await press('x');
    await expectCounts(page, 1, 1);

    await undo('Undone: “Two” completed');
    await expectCounts(page, 2, 0);
    await undo('Undone: “One” deleted');
    await expectTitles(page, ['Three times', 'Two', 'One']);
    await undo('Undone: “Three times” edited');
    await expectTitles(page, ['Three', 'Two', 'One']);
    await undo('Nothing to undo');
    await eventually(() => storedTitles(person)).toEqual(['Three', 'Two', 'One']);
    await eventually(() => person.tasks.countTasks()).toEqual({ pending: 3, completed: 0 });
  });

  test('the focus moves to the next task when a task leaves the list, and to the list after the last one', async () => {
    const { page, press } = await atTasks(['One', 'Two', 'Three']);
    const pending = page.waitForResponse(/[?&]status=pending/);
    await press('2');
    await pending;
    await expectTitles(page, ['Three', 'Two', 'One']);
    await press('j');
    await expectFocus(taskBox(page, 'Three'));
    await press('x');
    await expectTitles(page, ['Two', 'One']);
    await expectFocus(taskBox(page, 'Two'));
    await press('j', 'x');
    await expectTitles(page, ['Two']);
    await expectFocus(taskBox(page, 'Two'));
    await press('x');
    await page.getByText('All done').waitFor();
    await expectFocus(page.getByRole('region', { name: 'Tasks', exact: true }));
  });

  test('the help sheet lists the shortcuts, and single keys can be turned off', async () => {
    const { page, press } = await atTasks(['One']);
    await press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    await help.getByText('Add a task').waitFor();
    const single = help.getByRole('switch', { name: 'Use single-key shortcuts' });
    expect(await single.isChecked()).toBe(true);
    await single.focus();
    await press('Space');
    await eventually(() => single.isChecked()).toBe(false);
    await press('Escape');
    await help.waitFor({ state: 'hidden' });

    await taskBox(page, 'One').focus();
    await press('x', 'Delete', 'n', '?');
    await expectFocus(taskBox(page, 'One'));
    await expectTitles(page, ['One']);
    await expectCounts(page, 1, 0);
    await page.reload();
    await expectTitles(page, ['One']);
    await press('n');
    expect(await newTask(page).evaluate((it) => it === document.activeElement)).toBe(false);
  });

  test('the skip link leads past the header, and no element traps the focus', async () => {
    const { page, press } = await atTasks(['One']);
    await press('Tab');
    await expectFocus(page.getByRole('link', { name: /^Skip to/ }));
    await press('Enter', 'Tab');
    await eventually(() =>
      page.evaluate(() => document.activeElement?.closest('main') !== null),
    ).toBe(true);
    const seen = new Set<string>();
    for (let step = 0; step < 14; step++) {
      seen.add(await page.evaluate(() => document.activeElement?.outerHTML ?? ''));
      await press('Tab');
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  test.each(devices)('the help sheet, on a $name', async (device) => {
    const person = await newPerson(stage.app);
    const { page, open, look } = await stage.visitor({ person, device });
    await open('/tasks');
    await expectCounts(page, 0, 0);
    // Phones have no button for it, because few have a keyboard.
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await look('17-help');
  });
});

/** Presses keys one after another. */
function pressIn(page: Page) {
  return async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
}
