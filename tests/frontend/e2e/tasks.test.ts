import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { devices } from './support/devices.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { expectFocus, fieldError } from './support/sign-in.ts';
import { useStage } from './support/stage.ts';
import { giveTasks, storedTitles } from './support/stored-tasks.ts';
import { addTask, expectTitles, taskBox } from './support/task-list.ts';
import {
  beginEdit,
  editForm,
  expectCounts,
  filterOption,
  newTask,
  undo,
} from './support/task-page.ts';

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  /** A user with tasks, the first one the oldest, on the tasks page. */
  const atTasks = async (titles: readonly string[] = [], path = '/tasks') => {
    const person = await newPerson(stage.app);
    await giveTasks(person, titles);
    const visitor = await stage.visitor({ person });
    await visitor.open(path);
    await visitor.page.getByRole('heading', { name: 'Your tasks' }).waitFor();
    return { person, ...visitor };
  };

  test.each(devices)('the main actions, on a $name', async (device) => {
    const person = await newPerson(stage.app);
    const { page, open } = await stage.visitor({ person, device });
    await open('/tasks');
    await addTask(page, 'Buy milk');
    await addTask(page, 'Call Zoë');
    await expectCounts(page, 2, 0);
    await taskBox(page, 'Buy milk').check();
    await expectCounts(page, 1, 1);

    const form = await beginEdit(page, 'Call Zoë');
    await form.getByLabel('Title').fill('Call Zoë tonight');
    await form.getByRole('button', { name: 'Save' }).click();
    await taskBox(page, 'Call Zoë tonight').waitFor();

    await page.getByRole('button', { name: 'Delete “Buy milk”' }).click();
    await expectTitles(page, ['Call Zoë tonight']);
    await undo(page, '“Buy milk” deleted');
    await expectTitles(page, ['Call Zoë tonight', 'Buy milk']);
    await page.reload();
    await expectTitles(page, ['Call Zoë tonight', 'Buy milk']);
    // Until the list is fetched, the page shows the saved one.
    await eventually(() => taskBox(page, 'Buy milk').isChecked()).toBe(true);
  });

  test('ten tasks are added quickly, each once, and the field keeps the focus', async () => {
    const { person, page } = await atTasks();
    const titles = Array.from({ length: 10 }, (_, at) => `Task ${at + 1}`);
    await newTask(page).focus();
    for (const title of titles) {
      await page.keyboard.insertText(title);
      await page.keyboard.press('Enter');
    }
    await expectTitles(page, titles.toReversed());
    await expectFocus(newTask(page));
    expect(await newTask(page).inputValue()).toBe('');
    await expectCounts(page, 10, 0);
    expect(await storedTitles(person)).toEqual(titles.toReversed());
    await page.reload();
    await expectTitles(page, titles.toReversed());
  });

  test('a task is added with details by Ctrl+Enter', async () => {
    const { person, page } = await atTasks();
    await newTask(page).fill('Cook');
    await newTask(page).press('Shift+Enter');
    const details = page.getByRole('textbox', { name: 'Details' });
    await expectFocus(details);
    await page.keyboard.insertText('Rice');
    await page.keyboard.press('Enter');
    await page.keyboard.insertText('Beans');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').getByText('Added “Cook”').waitFor();
    await expectTitles(page, ['Cook']);
    await expectFocus(newTask(page));
    expect(await details.count()).toBe(0);
    const [task] = (await person.tasks.listTasks()).items;
    expect(task).toMatchObject({ title: 'Cook', description: 'Rice\nBeans' });
  });

  test('an invalid title is shown at the field, and nothing is sent', async () => {
    const { person, page } = await atTasks();
    const field = newTask(page);
    for (const [text, message] of [
      ['   ', 'Enter a title'],
      // The limit is 200 characters; an emoji counts as one.
      ['🎈'.repeat(201), '1 over'],
    ] as const) {
      await field.fill(text);
      await field.press('Enter');
      await eventually(() => fieldError(field)).toContain(message);
      await expectFocus(field);
    }
    await addTask(page, '🎈'.repeat(200));
    expect(await fieldError(field)).toBe('');
    expect(await storedTitles(person)).toEqual(['🎈'.repeat(200)]);
  });

  test('a task is edited in place, and Esc cancels', async () => {
    const { person, page } = await atTasks(['One', 'Two', 'Three']);
    let form = await beginEdit(page, 'Two');
    await expectFocus(form.getByLabel('Title'));
    await form.getByLabel('Title').fill('Nothing of it');
    await page.keyboard.press('Escape');
    await expectTitles(page, ['Three', 'Two', 'One']);

    form = await beginEdit(page, 'Two');
    await form.getByLabel('Title').fill('  Two, better ');
    await form.getByLabel('Details').fill('With details');
    await form.getByLabel('Title').press('Enter');
    await expectTitles(page, ['Three', 'Two, better', 'One']);
    await page.getByText('With details').waitFor();
    // The focus stays with the task.
    await eventually(() =>
      page.evaluate(() => document.activeElement?.closest('li')?.textContent),
    ).toContain('Two, better');
    const { items } = await person.tasks.listTasks();
    expect(items[1]).toMatchObject({ title: 'Two, better', description: 'With details' });
  });

  test('a completed task leaves the list of pending tasks, and Undo restores it', async () => {
    const { person, page } = await atTasks(['One', 'Two'], '/tasks?status=pending');
    await expectTitles(page, ['Two', 'One']);
    await taskBox(page, 'Two').click();
    const undoButton = page.getByRole('button', { name: 'Undo' });
    // A notice stays open while the pointer is over it.
    await undoButton.hover();
    await expectTitles(page, ['One']);
    await expectCounts(page, 1, 1);
    await undoButton.click();
    await expectTitles(page, ['Two', 'One']);
    await expectCounts(page, 2, 0);
    await eventually(async () => (await person.tasks.countTasks()).completed).toBe(0);

    await taskBox(page, 'One').click();
    await expectTitles(page, ['Two']);
    await filterOption(page, 'Completed').check();
    await expectTitles(page, ['One']);
    await filterOption(page, 'All').check();
    await expectTitles(page, ['Two', 'One']);
  });

  test('a deleted task can be restored for ten seconds', async () => {
    const { person, page } = await atTasks(['One', 'Two']);
    await page.clock.install();
    await page.reload();
    const remove = () => page.getByRole('button', { name: 'Delete “One”' }).click();
    const undoButton = page.getByRole('button', { name: 'Undo' });
    await remove();
    await expectTitles(page, ['Two']);
    await expectCounts(page, 1, 0);
    await undoButton.click();
    await undoButton.waitFor({ state: 'hidden' });
    await expectTitles(page, ['Two', 'One']);
    await expectCounts(page, 2, 0);

    await remove();
    await undoButton.waitFor();
    expect(await storedTitles(person)).toEqual(['Two', 'One']);
    // The timeout pauses while the notice is hovered or focused.
    await page.mouse.move(0, 0);
    await page.clock.fastForward('00:11');
    await eventually(() => storedTitles(person)).toEqual(['Two']);
    await undoButton.waitFor({ state: 'hidden' });
  });

  test('a double click deletes one task only', async () => {
    const { person, page } = await atTasks(['One', 'Two', 'Three']);
    await page.clock.install();
    await page.reload();
    await page.getByRole('button', { name: 'Delete “Three”' }).dblclick({ delay: 20 });
    await expectTitles(page, ['Two', 'One']);
    await page.mouse.move(0, 0);
    await page.clock.fastForward('00:11');
    await eventually(() => storedTitles(person)).toEqual(['Two', 'One']);
  });

  test('a click on a title opens the task, and URLs in the details are links', async () => {
    const { person, page } = await atTasks();
    const description = 'Map: https://example.com/map?to=(home). javascript:alert(1)';
    await person.tasks.createTask({ body: { title: 'Cook', description } });
    await page.reload();
    const link = page.getByRole('region', { name: 'Tasks', exact: true }).getByRole('link');
    await link.waitFor();
    expect(await link.innerText()).toBe('https://example.com/map?to=(home)');
    expect(await link.getAttribute('href')).toBe('https://example.com/map?to=(home)');
    expect(await link.getAttribute('target')).toBe('_blank');
    expect(await link.getAttribute('rel')).toBe('noopener noreferrer');
    const title = page.getByText('Cook', { exact: true });
    // Selecting its text does not open the task.
    const { x = 0, y = 0 } = (await title.boundingBox()) ?? {};
    await page.mouse.move(x + 1, y + 10);
    await page.mouse.down();
    await page.mouse.move(x + 60, y + 10);
    await page.mouse.up();
    expect(await page.evaluate(() => String(getSelection()))).toBe('Cook');
    expect(await editForm(page, 'Cook').count()).toBe(0);
    await page.getByRole('heading', { name: 'Your tasks' }).click();
    await title.click();
    await expectFocus(editForm(page, 'Cook').getByLabel('Title'));
  });

  test('pasted lines become one task each if the user wants that, and Undo removes them', async () => {
    const { person, page, look } = await atTasks(['Before']);
    await newTask(page).focus();
    // A line that is too long for a title.
    await paste(page, `One\n${'x'.repeat(201)}`);
    await eventually(() => newTask(page).inputValue()).toMatch(/^One/);
    expect(await page.getByRole('button', { name: 'Add 2 tasks' }).count()).toBe(0);
    await newTask(page).fill('');
    await paste(page, '\r\n  One\n\nTwo\r\nThree  \n');
    await eventually(() => newTask(page).inputValue()).toMatch(/One.*Two.*Three/);
    await look('26-pasted-lines');
    await page.getByRole('button', { name: 'Add 3 tasks' }).click();
    const undoButton = page.getByRole('button', { name: 'Undo' });
    await undoButton.hover();
    await expectTitles(page, ['Three', 'Two', 'One', 'Before']);
    await expectFocus(newTask(page));
    expect(await newTask(page).inputValue()).toBe('');
    expect(await storedTitles(person)).toEqual(['Three', 'Two', 'One', 'Before']);
    await undoButton.click();
    await expectTitles(page, ['Before']);
    await eventually(() => storedTitles(person)).toEqual(['Before']);
  });

  test('changes on another device are shown within 30 seconds', async () => {
    const person = await newPerson(stage.app);
    await giveTasks(person, ['One']);
    const { page, context, open } = await stage.visitor({ person });
    await page.clock.install();
    await open('/tasks');
    await expectTitles(page, ['One']);
    await expectCounts(page, 1, 0);
    const requests: string[] = [];
    context.on('request', (request) => requests.push(request.url()));
    await giveTasks(person, ['Two']);
    await page.clock.fastForward('00:30');
    await expectTitles(page, ['Two', 'One']);
    await expectCounts(page, 2, 0);
    expect(requests.filter((url) => url.includes('/api/task')).length).toBeLessThanOrEqual(2);
  });

  test('leaving the page sends the deletion', async () => {
    const { person, page } = await atTasks(['One', 'Two']);
    await page.getByRole('button', { name: 'Delete “One”' }).click();
    await expectTitles(page, ['Two']);
    await page.goto('about:blank');
    await eventually(() => storedTitles(person)).toEqual(['Two']);
  });

  test('sort order and filter are in the URL, survive a reload, and the back button undoes them', async () => {
    const { person, page } = await atTasks(['banana', 'Apple', 'cherry']);
    const [oldest] = (await person.tasks.listTasks({ query: { order: 'asc' } })).items;
    await person.tasks.completeTask({ path: { id: oldest?.id ?? '' }, body: { completed: true } });
    await page.reload();
    await expectTitles(page, ['cherry', 'Apple', 'banana']);
    const order = page.getByRole('combobox', { name: 'Sort by' });
    for (const [label, titles] of [
      ['Oldest first', ['banana', 'Apple', 'cherry']],
      ['Recently updated', ['banana', 'cherry', 'Apple']],
      ['Least recently updated', ['Apple', 'cherry', 'banana']],
      ['Title Z to A', ['cherry', 'banana', 'Apple']],
      ['Title A to Z', ['Apple', 'banana', 'cherry']],
    ] as const) {
      await order.selectOption({ label });
      await expectTitles(page, titles);
    }
    await filterOption(page, 'Pending').check();
    await expectTitles(page, ['Apple', 'cherry']);
    expect(new URL(page.url()).search).toBe('?status=pending&sort=title');
    await page.reload();
    await expectTitles(page, ['Apple', 'cherry']);
    await page.goBack();
    await expectTitles(page, ['Apple', 'banana', 'cherry']);
    await page.goBack();
    await expectTitles(page, ['cherry', 'banana', 'Apple']);
  });
});

/** Pastes a text as a user does. Each headless Chromium has a separate clipboard. */
async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.keyboard.press('Control+v');
}
