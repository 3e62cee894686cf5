import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { expectFocus, signIn } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { expectTitles, taskBox } from './support/task-list.ts';
import { beginEdit, editForm, newTask, undo } from './support/task-page.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test('text in the forms survives navigation, reload and Back, until it is saved', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const { page, open } = await stage.visitor({ person });
    await open('/tasks');
    await beginEdit(page, 'Paint the door');
    const form = editForm(page, 'Paint the door');
    await form.getByLabel('Title').fill('Paint the door blue');
    await form.getByLabel('Details').fill('Two coats');
    await newTask(page).fill('Buy paint');
    await newTask(page).press('Shift+Enter');
    await page.keyboard.insertText('Blue');

    const departures = {
      navigation: async () => {
        await page.getByRole('link', { name: 'Account' }).click();
        await page.getByText(person.email).waitFor();
        await page.getByRole('link', { name: 'Tasks', exact: true }).click();
      },
      reload: () => page.reload(),
      back: async () => {
        await page.goto('about:blank');
        await page.goBack();
      },
    };
    for (const [name, leaveAndReturn] of Object.entries(departures)) {
      await leaveAndReturn();
      await eventually(() => form.getByLabel('Title').inputValue(), name).toBe(
        'Paint the door blue',
      );
      expect(await form.getByLabel('Details').inputValue()).toBe('Two coats');
      await eventually(() => newTask(page).inputValue(), name).toBe('Buy paint');
      const details = newTask(page)
        .locator('xpath=ancestor::form')
        .getByRole('textbox', { name: 'Details' });
      await eventually(() => details.inputValue(), name).toBe('Blue');
    }
    await newTask(page).press('Enter');
    // The new row moves the form. A click at that moment would miss the button.
    await expectTitles(page, ['Buy paint']);
    await form.getByRole('button', { name: 'Save' }).click();
    await expectTitles(page, ['Buy paint', 'Paint the door blue']);
    await eventually(() => storedTitles(person)).toEqual(['Buy paint', 'Paint the door blue']);
    await page.reload();
    await expectTitles(page, ['Buy paint', 'Paint the door blue']);
    expect(await newTask(page).inputValue()).toBe('');
  });

  test('text that is entered before the scripts are loaded is kept', async () => {
    const { page } = await stage.visitor({ person: await newPerson(stage.app) });
    const entered = Promise.withResolvers<undefined>();
    await page.route('**/_next/static/**/*.js', async (route) => {
      await entered.promise;
      await route.continue();
    });
    await page.goto('/tasks', { waitUntil: 'commit' });
    await newTask(page).fill('Buy milk');
    entered.resolve(undefined);
    await page.getByText('No tasks yet').waitFor();
    await newTask(page).press('Enter');
    await expectTitles(page, ['Buy milk']);
  });

  test('a draft is shown to its user only, and signing out asks before it is lost', async () => {
    const [ada, bob] = [await newPerson(stage.app), await newPerson(stage.app, 'Bob')];
    const { page, open } = await stage.visitor({ person: ada });
    await open('/tasks');
    await newTask(page).fill('Ada’s own');
    await page.getByRole('button', { name: 'Sign out' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('has not been saved').waitFor();
    await question.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/sign-in$/);
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('Ada’s own');
    await signIn(page, bob);
    await page.waitForURL('/tasks');
    await page.getByText('No tasks yet').waitFor();
    expect(await newTask(page).inputValue()).toBe('');
  });

  test('Esc closes a changed form, and Undo opens it again with the text', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['Paint the door']);
    const { page, open } = await stage.visitor({ person });
    await open('/tasks');
    await beginEdit(page, 'Paint the door');
    const form = editForm(page, 'Paint the door');
    await page.keyboard.press('Escape');
    await expectFocus(taskBox(page, 'Paint the door'));
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);

    await beginEdit(page, 'Paint the door');
    await form.getByLabel('Details').fill('Two coats');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await undo(page, 'discarded');
    expect(await form.getByLabel('Details').inputValue()).toBe('Two coats');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await page.reload();
    await expectTitles(page, ['Paint the door']);
    expect(await form.count()).toBe(0);
  });
});
