import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../../support/browser.ts';
import { eventually } from './support/eventually.ts';
import { newPerson } from './support/person.ts';
import { seedTasks } from './support/seed-tasks.ts';
import { useStage } from './support/stage.ts';
import { giveTasks } from './support/stored-tasks.ts';
import { taskBox } from './support/task-list.ts';
import { expectCounts, filterOption, newTask } from './support/task-page.ts';

/** More than two pages of a list. */
const manyTitles = Array.from({ length: 250 }, (_, at) => `Task ${at + 1}`);

describe.runIf(chromiumPath !== undefined)('in Chromium', () => {
  const stage = useStage();

  test('a printed page has all tasks in dark text, and no controls', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(
      stage.app,
      person,
      Array.from({ length: 90 }, (_, at) => `Task ${at + 1}`),
    );
    const { page, open } = await stage.visitor({ person, options: { colorScheme: 'dark' } });
    await open('/tasks');
    await page.getByRole('listitem').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    await eventually(() => page.getByRole('listitem').count()).toBe(90);
    const controls = page.getByRole('button').or(page.getByRole('textbox'));
    expect(await controls.filter({ visible: true }).count()).toBe(0);
    const colours = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      return [color, backgroundColor];
    });
    expect(colours).toEqual(['rgb(29, 31, 36)', 'rgb(255, 255, 255)']);
  });

  test('Ctrl+P loads all tasks of the view, unless Esc cancels that, and then prints once', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(stage.app, person, manyTitles);
    await giveTasks(person, ['Done']);
    const { page, context, open, look } = await stage.visitor({ person });
    await page.addInitScript(recordPrints);
    await open('/tasks');
    await taskBox(page, 'Done').check();
    await expectCounts(page, manyTitles.length, 1);
    await filterOption(page, 'Pending').check();
    // Until then, the page shows the list of the other view.
    await taskBox(page, 'Done').waitFor({ state: 'detached' });
    await page.getByRole('listitem').first().waitFor();
    const gate = Promise.withResolvers<undefined>();
    await context.route('**/api/tasks?*cursor=*', async (route) => {
      await gate.promise;
      await route.continue();
    });
    const loading = page.getByText('Loading all tasks to print…').first();

    await newTask(page).focus();
    await page.keyboard.press('Control+p');
    await loading.waitFor();
    await look('21-loading-to-print');
    await page.keyboard.press('Escape');
    await loading.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+p');
    await loading.waitFor();
    await page.keyboard.press('Control+p');
    gate.resolve(undefined);
    await eventually(() => page.evaluate(() => window.prints)).toEqual([manyTitles.length]);
    await loading.waitFor({ state: 'hidden' });
    // The browser prints a complete list by itself.
    await page.keyboard.press('Control+p');
    expect(await page.evaluate(() => window.prints)).toEqual([manyTitles.length]);
  });

  test('if not all tasks can be loaded, Ctrl+P prints those that are, and says so', async () => {
    const person = await newPerson(stage.app);
    await seedTasks(stage.app, person, manyTitles);
    const { page, context, complaints, open } = await stage.visitor({ person });
    complaints.allow(/^500 GET \/api\/tasks$/);
    await page.addInitScript(recordPrints);
    await context.route('**/api/tasks?*cursor=*', (route) => route.fulfill({ status: 500 }));
    await open('/tasks');
    await page.getByRole('listitem').first().waitFor();
    await page.keyboard.press('Control+p');
    await eventually(() => page.evaluate(() => window.prints)).toEqual([100]);
    await page.emulateMedia({ media: 'print' });
    await page.getByText(/^These are the first 100 tasks/).waitFor();
  });
});

declare global {
  interface Window {
    prints: number[];
  }
}

/** Records the number of rows that the browser would print, at each call of `print`. */
function recordPrints(): void {
  window.prints = [];
  window.print = () => {
    dispatchEvent(new Event('beforeprint'));
    window.prints.push(document.querySelectorAll('main li').length);
    dispatchEvent(new Event('afterprint'));
  };
}
